import { filter, map, merge, mergeMap, type Observable, share } from 'rxjs';
import type { AgentContext } from 'rx-agent-kit';
import type { VenConfig } from './config';
import type { EventChange } from './EventBook';
import { insist, type Setback } from './insist';
import { persistently } from './persistently';
import type { Polled } from './polling';
import type { DistributeEvent } from './protocol/distribution';
import { type Message, message } from './protocol/message';
import { type Decide, receive, type Received } from './receive';
import { newId } from './newId';
import { isPresent, type Session } from './VenClient';

interface EventList {
  readonly session: Session;
  readonly list: DistributeEvent;
}

export interface Eventing {
  /** What becomes of events. */
  readonly events$: Observable<EventChange>;
  /** The answers that the VTN has got. */
  readonly responses$: Observable<Message<'oadrCreatedEvent'>>;
}

/** Asks for the events behind each registration, takes in what polls bring, decides, and answers where it has to. */
export function eventing(
  context: AgentContext<VenConfig>,
  session$: Observable<Session>,
  polls$: Observable<Polled>,
  decide: Decide,
  onSetback: (setback: Setback) => void,
): Eventing {
  const { handle } = context;
  const { results$: requested$ } = persistently(
    context,
    session$.pipe(map((session) => ({ session, client: session.client }))),
    {
      name: 'requestEvents',
      isOfUse: ({ session }) => isPresent(session),
      work: async function* requestEvents({ client, session }, run): AsyncGenerator<EventList> {
        const request = message('oadrRequestEvent', { requestId: newId(), venId: session.venId });
        const { body } = await client.ask(request, run, 'oadrDistributeEvent');
        yield { session, list: body };
      },
    },
  );
  const distributed$ = polls$.pipe(mergeMap(({ session, answer }) => distributedIn(session, answer)));

  const received$ = merge(requested$, distributed$).pipe(
    handle.concat(function receiveEvents({ session, list }, run) {
      return receive(session, list, decide, run);
    }),
    filter(({ session }) => isPresent(session)),
    share(),
  );
  const recalled$ = session$.pipe(
    filter(({ isResumed }) => isResumed),
    mergeMap(({ client }) => client.events.recalled),
  );
  const events$ = merge(recalled$, received$.pipe(mergeMap(({ changes }) => changes))).pipe(share());
  const responses$ = received$.pipe(
    filter(hasAnswer),
    // What cannot be sent now is tried again; the events are followed meanwhile.
    handle.concat(async function respond({ session: { client }, answer }, run) {
      await insist(client, 'answer to events', run, () => client.tell(answer, run), onSetback);
      return answer;
    }),
  );
  return { events$, responses$ };
}

function distributedIn(session: Session, { kind, body }: Polled['answer']): readonly EventList[] {
  return kind === 'oadrDistributeEvent' ? [{ session, list: body }] : [];
}

function hasAnswer(
  received: Received,
): received is Received & { readonly answer: Message<'oadrCreatedEvent'> } {
  return received.answer !== undefined;
}
