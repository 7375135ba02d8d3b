import { filter, map, merge, type Observable, share } from 'rxjs';
import type { AgentContext } from 'rx-agent-kit';
import type { VenConfig } from './config';
import { persistently } from './persistently';
import { register, type Registration } from './register';
import type { Session, VenClient } from './VenClient';

export interface Registering {
  readonly registration$: Observable<Registration>;
  readonly session$: Observable<Session>;
  /** Why a try has failed; another one follows. */
  readonly failure$: Observable<unknown>;
}

/** Registers each client, again when the VTN asks for it, and for as long as it takes. */
export function registering(
  context: AgentContext<VenConfig>,
  client$: Observable<VenClient | undefined>,
  rejoin$: Observable<VenClient>,
): Registering {
  const { results$: registration$, failure$ } = persistently(
    context,
    merge(client$, rejoin$).pipe(map((client) => ({ client }))),
    { name: 'registration', work: ({ client }, run) => register(client, run) },
  );
  const session$ = registration$.pipe(
    filter((registration) => registration.state === 'registered'),
    map(({ session }) => session),
    share(),
  );
  return { registration$, session$, failure$ };
}
