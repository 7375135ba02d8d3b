import { Marks } from '../../store/leases/Marks';
import type { Store } from '../../store/Store';
import type { Draws } from './Draws';
import { KeptStream } from './topics/KeptStream';
import type { Timers } from '../../time/queue/Timers';

/** By which name the servers go on the network. */
export const SERVERS = 'servers';

/** What on the network is no host: it keeps what hosts give it, and outlives them. */
export class Servers {
  readonly name = SERVERS;
  readonly marks = new Marks();
  private readonly streams = new Map<string, KeptStream>();

  /**
   * @param store what hosts have kept
   * @param own whose time theirs is; default that of whoever asks
   */
  constructor(
    readonly store: Store,
    private readonly own?: () => Timers,
  ) {}

  /** What is kept of a durable topic. @param of the filter of all of it */
  stream(of: string, draws: Draws): KeptStream {
    let stream = this.streams.get(of);
    if (stream === undefined) this.streams.set(of, (stream = new KeptStream(draws)));
    return stream;
  }

  /** A host has gone: nothing is sent there any more. */
  gone(host: string): void {
    for (const stream of this.streams.values()) stream.gone(host);
  }

  timersFor(asking: Timers): Timers {
    return this.own?.() ?? asking;
  }
}
