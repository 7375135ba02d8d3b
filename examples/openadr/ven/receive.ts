import type { Run } from 'rx-agent-kit';
import type { VenConfig } from './config';
import type { EventChange, Opt } from './EventBook';
import type { DistributedEvent, DistributeEvent, EventResponse } from './protocol/distribution';
import type { EiEvent } from './protocol/event';
import { type Message, message } from './protocol/message';
import { RESPONSE } from './protocol/response';
import type { Session } from './VenClient';
import { within } from './within';

/** What a decision may use; its signal is aborted at the deadline. */
export type DecisionRun = Pick<Run, 'signal' | 'sleep' | 'now' | 'log'>;

/** Decides whether the site takes part in an event. */
export type Decide = (event: EiEvent, run: DecisionRun) => PromiseLike<Opt> | Opt;

/** What a list of events has come to: the changes, and the answer that the VTN wants, if it wants one. */
export interface Received {
  readonly session: Session;
  readonly changes: readonly EventChange[];
  readonly answer: Message<'oadrCreatedEvent'> | undefined;
}

interface Judged {
  readonly change?: EventChange | undefined;
  readonly response: EventResponse;
}

/** Takes in a list of events, which is all that the VTN has: what is missing from it is cancelled. */
export async function receive(
  session: Session,
  list: DistributeEvent,
  decide: Decide,
  run: Run,
): Promise<Received> {
  const { client, venId, vtnId } = session;
  if (list.vtnId !== vtnId) {
    run.log.warn('events of a VTN that is not the one registered with', { vtnId: list.vtnId });
    const response = {
      code: RESPONSE.invalidId,
      description: `not registered with ${list.vtnId}`,
      requestId: list.requestId,
    };
    return { session, changes: [], answer: message('oadrCreatedEvent', { response, venId }) };
  }
  const judged = await Promise.all(
    list.events.map((one) => judge(session, list.requestId, one, decide, run)),
  );
  const present = new Set(judged.map(({ response }) => response.qualifiedEventId.eventId));
  const gone = client.events.forgetAllBut(present, client.wallNow());
  const changes = judged.flatMap(({ change }) => change ?? []);
  const wanted = judged.filter((_judged, index) => list.events[index]?.responseRequired === 'always');
  const response = { code: RESPONSE.ok, description: 'OK', requestId: list.requestId };
  const eventResponses = { list: wanted.map((one) => one.response) };
  const answer = message('oadrCreatedEvent', { response, eventResponses, venId });
  return { session, changes: [...changes, ...gone], answer: wanted.length === 0 ? undefined : answer };
}

async function judge(
  { client, venId }: Session,
  requestId: string,
  distributed: DistributedEvent,
  decide: Decide,
  run: Run,
): Promise<Judged> {
  const { eventId, modificationNumber } =
    distributed.event?.descriptor ?? (distributed as Exclude<DistributedEvent, { event: EiEvent }>);
  const respond = (code: string, description: string, opt: Opt): EventResponse => ({
    code,
    description,
    requestId,
    qualifiedEventId: { eventId, modificationNumber },
    opt,
  });
  const verdict = client.events.judge(distributed, venId);
  switch (verdict.is) {
    case 'bad':
      run.log.warn('an event is refused', { eventId, code: verdict.code, problem: verdict.problem });
      return { response: respond(verdict.code, verdict.problem, 'optOut') };
    case 'same':
      return { response: respond(RESPONSE.ok, 'OK', client.events.known(eventId)?.opt ?? 'optOut') };
    case 'ended': {
      const opt = client.events.known(eventId)?.opt ?? 'optOut';
      return { change: client.events.end(verdict.event), response: respond(RESPONSE.ok, 'OK', opt) };
    }
    case 'new':
    case 'modified': {
      const opt = await decided(verdict.event, decide, client.config, run);
      return { change: client.events.enter(verdict.event, opt), response: respond(RESPONSE.ok, 'OK', opt) };
    }
  }
}

/** Who does not decide in time, or fails to, opts out. */
async function decided(
  event: EiEvent,
  decide: Decide,
  { decisionDeadline }: VenConfig,
  run: Run,
): Promise<Opt> {
  const { eventId } = event.descriptor;
  const { sleep, now, log } = run;
  const late = (): Opt => {
    log.warn('no decision in time: opted out', { eventId });
    return 'optOut';
  };
  try {
    const decision = await within(
      decisionDeadline,
      run,
      async (signal) => decide(event, { signal, sleep, now, log }),
      late,
    );
    // Whoever decides without types may say anything.
    return decision === 'optIn' ? 'optIn' : 'optOut';
  } catch (error) {
    if (run.signal.aborted) throw error;
    log.warn('the decision failed: opted out', { eventId, error });
    return 'optOut';
  }
}
