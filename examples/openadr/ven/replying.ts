import { merge, mergeMap, type Observable, type Observer, share, Subject } from 'rxjs';
import type { AgentContext } from 'rx-agent-kit';
import { answerTo, isDemand } from './answers';
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

  const demands$ = polls$.pipe(
    mergeMap(({ session, answer }) => (isDemand(answer) ? [{ session, demand: answer }] : [])),
  );
  const replies$ = merge(demands$, offers$.pipe(mergeMap(demandsIn))).pipe(
    handle.concat(async function* reply({ session, demand }, run): AsyncGenerator<Message> {
      const { client } = session;
      const { message: told, behind } = answerTo(session, demand, effects);
      try {
        await insist(client, told.kind, run, () => client.tell(told, run), control.setBack);
        yield told;
      } finally {
        if (!run.signal.aborted) behind?.();
      }
    }),
    share(),
  );
  return { replies$, expelled$ };
}

/** What the VTN wants of an offer it might as well have asked for by itself. */
function demandsIn({ session, requestId, requests }: AnsweredOffer) {
  return requests.length === 0
    ? []
    : [{ session, demand: message('oadrCreateReport', { requestId, requests }) }];
}
