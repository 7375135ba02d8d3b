import { filter, map, merge, type Observable, share, Subject } from 'rxjs';
import type { AgentContext } from 'rx-agent-kit';
import type { VenConfig } from './config';
import { register, type Registration } from './register';
import type { Session, VenClient } from './VenClient';

/** A try to register, behind so many that have failed. */
interface Attempt {
  readonly client: VenClient | undefined;
  readonly failures: number;
}

export interface Registering {
  readonly registration$: Observable<Registration>;
  readonly session$: Observable<Session>;
  /** Why a try has failed; another one follows. */
  readonly failure$: Observable<unknown>;
}

/** Registers each client, again when the VTN asks for it, and for as long as it takes. */
export function registering(
  { time, handle }: AgentContext<VenConfig>,
  client$: Observable<VenClient | undefined>,
  rejoin$: Observable<VenClient>,
): Registering {
  const again$ = new Subject<Attempt>();
  const failure$ = new Subject<unknown>();
  const fresh$ = merge(client$, rejoin$).pipe(map((client): Attempt => ({ client, failures: 0 })));

  const registration$ = merge(fresh$, again$).pipe(
    // A new client takes the place of a try that is waited for.
    time.after(({ client, failures }) => (failures === 0 ? 0 : (client?.backoff(failures) ?? 0))),
    filter(isOfUse),
    handle.switch(async function* registration({ client, failures }, run) {
      try {
        yield* register(client, run);
      } catch (error) {
        // The error makes the health bad, and another try is due all the same.
        if (!run.signal.aborted && !client.isClosed) {
          failure$.next(error);
          again$.next({ client, failures: failures + 1 });
        }
        throw error;
      }
    }),
    share(),
  );
  const session$ = registration$.pipe(
    filter((registration) => registration.state === 'registered'),
    map(({ session }) => session),
    share(),
  );
  return { registration$, session$, failure$ };
}

function isOfUse(attempt: Attempt): attempt is Attempt & { readonly client: VenClient } {
  return attempt.client !== undefined && !attempt.client.isClosed;
}
