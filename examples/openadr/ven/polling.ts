import { filter, map, merge, type Observable, type Observer, share, Subject } from 'rxjs';
import type { AgentContext } from 'rx-agent-kit';
import type { VenConfig } from './config';
import { type Message, message } from './protocol/message';
import { RESPONSE } from './protocol/response';
import { isPresent, type Session, type VenClient } from './VenClient';
import { VtnError } from './Vtn';

/** What a VTN may answer to a poll. */
const ANSWERS = [
  'oadrResponse',
  'oadrDistributeEvent',
  'oadrCreateReport',
  'oadrRegisterReport',
  'oadrCancelReport',
  'oadrUpdateReport',
  'oadrCancelPartyRegistration',
  'oadrRequestReregistration',
] as const;

/** The answer to a poll. */
export interface Polled {
  readonly session: Session;
  readonly answer: Message<(typeof ANSWERS)[number]>;
}

/** How the last poll went: when it began, and how many have failed in a row. */
interface Progress {
  readonly session: Session;
  readonly began: number;
  readonly failures: number;
  readonly isFirst: boolean;
}

export interface Polling {
  readonly polls$: Observable<Polled>;
  /** Why a poll has failed. */
  readonly failure$: Observable<unknown>;
}

/**
 * Polls as often as the VTN wants, and never sooner; more rarely while polls fail. One wake-up a poll. The jitter is
 * in the first one, so that the VENs of a VTN that has come back do not poll all at once.
 * A client that the VTN does not know any more is sent to register anew.
 * ```
 * session   a---------------------
 * polls     -----a---a---a---a---a    4 each
 * ```
 */
export function polling(
  { time, handle }: AgentContext<VenConfig>,
  session$: Observable<Session>,
  rejoin$: Observer<VenClient>,
): Polling {
  const progress$ = new Subject<Progress>();
  const failure$ = new Subject<unknown>();
  const first$ = session$.pipe(
    map((session): Progress => ({
      session,
      began: time.now(),
      failures: 0,
      isFirst: true,
    })),
  );

  const polls$ = merge(first$, progress$).pipe(
    time.after((progress) => Math.max(1, progress.began + waitOf(progress) - time.now())),
    filter(({ session }) => isPresent(session)),
    handle.exhaust(async function poll({ session, failures }, run): Promise<Polled> {
      const { client, venId } = session;
      const began = run.now();
      let failed = failures + 1;
      try {
        const answer = await client.ask(message('oadrPoll', { venId }), run, ...ANSWERS);
        failed = 0;
        return { session, answer };
      } catch (error) {
        failure$.next(error);
        const code = unknownBy(error);
        if (code !== undefined && isPresent(session)) {
          client.lose(code);
          rejoin$.next(client);
        }
        throw error;
      } finally {
        progress$.next({ session, began, failures: failed, isFirst: false });
      }
    }),
    share(),
  );
  return { polls$, failure$ };
}

function waitOf({ session: { client, pollInterval }, failures, isFirst }: Progress): number {
  if (failures > 0) return Math.max(pollInterval, client.backoff(failures));
  return isFirst ? client.stretch(pollInterval) : pollInterval;
}

/** The code by which a VTN says that it does not know the VEN, or not any more. */
function unknownBy(error: unknown): string | undefined {
  const code = error instanceof VtnError ? error.details.responseCode : undefined;
  return code === RESPONSE.notRegistered || code === RESPONSE.invalidId ? code : undefined;
}
