import { Marks } from '../../store/leases/Marks';
import type { Store } from '../../store/Store';
import type { Timers } from '../../time/queue/Timers';

/** By which name the servers go on the network. */
export const SERVERS = 'servers';

/** What on the network is no host: it keeps what hosts give it, and outlives them. */
export class Servers {
  readonly name = SERVERS;
  readonly marks = new Marks();

  /**
   * @param store what hosts have kept
   * @param own whose time theirs is; default that of whoever asks
   */
  constructor(
    readonly store: Store,
    private readonly own?: () => Timers,
  ) {}

  timersFor(asking: Timers): Timers {
    return this.own?.() ?? asking;
  }
}
