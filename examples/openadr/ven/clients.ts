import { type Observable, share, switchMap } from 'rxjs';
import type { AgentContext, LifecycleEvent, Run } from 'rx-agent-kit';
import type { VenConfig } from './config';
import { leave } from './register';
import type { VenClient } from './VenClient';

/** The client of the present config; undefined while the one before it is left. */
export interface Clients {
  readonly client$: Observable<VenClient | undefined>;
  /** Emits when the client has been left since the agent stops. */
  readonly left$: Observable<LifecycleEvent>;
}

/** Makes a client some time after the start, and another one for each config that comes: the old one is left first. */
export function clients(
  { lifecycle, time, handle, config, config$ }: AgentContext<VenConfig>,
  connect: (config: VenConfig) => VenClient,
): Clients {
  let present: VenClient | undefined;

  async function leavePresent(run: Run): Promise<void> {
    const former = present;
    present = undefined;
    if (former !== undefined) await leave(former, run);
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
      share(),
    ),
    left$: lifecycle.stop$.pipe(
      handle.concat(async function leaving(stop, run) {
        await leavePresent(run);
        return stop;
      }),
      share(),
    ),
  };
}
