import { BehaviorSubject, type Observable, share, switchMap, tap } from 'rxjs';
import type { AgentContext, Run } from 'rx-agent-kit';
import type { VenConfig } from './config';
import { leave } from './register';
import type { VenClient } from './VenClient';

/** The client of the present config; undefined while the one before it is left. */
export interface Clients {
  readonly client$: Observable<VenClient | undefined>;
  /** Emits when the client has been left since the agent stops, with what there is to say of it. */
  readonly left$: Observable<string | undefined>;
  /** The present client, also to whoever comes later. */
  readonly present$: Observable<VenClient | undefined>;
  /** Whether what it knows outlives the process. */
  readonly isKept: boolean;
}

/** Makes a client some time after the start, and another one for each config that comes: the old one is left first. */
export function clients(
  { lifecycle, time, handle, config, config$ }: AgentContext<VenConfig>,
  connect: (config: VenConfig) => VenClient,
  isKept: boolean,
): Clients {
  let present: VenClient | undefined;
  const present$ = new BehaviorSubject<VenClient | undefined>(undefined);

  async function leavePresent(run: Run): Promise<string | undefined> {
    const former = present;
    present = undefined;
    return former && leave(former, run);
  }
  return {
    client$: lifecycle.start$.pipe(
      time.after(config.startDelay),
      switchMap(() => config$),
      handle.switch(async function* connecting(next, run) {
        if (present !== undefined) yield undefined;
        await leavePresent(run);
        yield (present = connect(next));
      }),
      tap((client) => present$.next(client)),
      share(),
    ),
    present$,
    isKept,
    left$: lifecycle.stop$.pipe(
      handle.concat(async function leaving(_stop, run) {
        if (!isKept) return leavePresent(run);
        present?.close();
        return 'the registration is kept';
      }),
      share(),
    ),
  };
}
