import { map, merge, type Observable, type Observer, share, Subject } from 'rxjs';
import type { AgentContext } from 'rx-agent-kit';
import { answerTo } from './answers';
import type { VenConfig } from './config';
import { insist } from './insist';
import type { AnsweredOffer } from './offering';
import type { Polled } from './polling';
import { message, type Message } from './protocol/message';
import type { Reporting } from './reporting';
import type { Session, VenClient } from './VenClient';

export interface Replying {
  /** What the VTN has been told. */
  readonly replies$: Observable<Message>;
  /** Registrations that the VTN has cancelled. */
  readonly expelled$: Observable<Session>;
}

/**
 * Does what the VTN asks for in answer to a poll or to an offer, one after the other, and tells it so. What it has
 * asked for is done also when it cannot be told. Events are not taken in here.
 */
export function replying(
  { handle }: AgentContext<VenConfig>,
  polls$: Observable<Polled>,
  { offers$, control }: Reporting,
  rejoin$: Observer<VenClient>,
): Replying {
  const expelled$ = new Subject<Session>();
  const effects = {
    reports: control,
    rejoin: (client: VenClient) => rejoin$.next(client),
    expel: (session: Session) => expelled$.next(session),
  };

  const replies$ = merge(polls$, offers$.pipe(map(asPolled))).pipe(
    handle.concat(async function* reply({ session, answer }, run): AsyncGenerator<Message> {
      const { client } = session;
      const given = answerTo(session, answer, effects);
      if (given === undefined) return;
      try {
        await insist(client, given.message.kind, run, () => client.tell(given.message, run), control.setBack);
        yield given.message;
      } finally {
        if (!run.signal.aborted) given.behind?.();
      }
    }),
    share(),
  );
  return { replies$, expelled$ };
}

/** What the VTN wants of an offer it might as well have asked for by itself, unless it wants nothing. */
function asPolled({ session, requestId, requests }: AnsweredOffer): Polled {
  const response = { code: '200', requestId };
  const answer =
    requests.length > 0
      ? message('oadrCreateReport', { requestId, requests })
      : message('oadrResponse', { response });
  return { session, answer };
}
