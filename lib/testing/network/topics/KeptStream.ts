import type { Fence } from '../../../messages/bus/Bus';
import { leaseLost } from '../../../messages/messageErrors';
import type { Payload } from '../../../messages/payloads/Payload';
import type { Timers } from '../../../time/queue/Timers';
import type { Draws } from '../Draws';
import { ServedName } from './ServedName';
import type { StreamMessage } from './StreamMessage';

/** The messages of one durable topic on the servers: each is kept until all names that there are have dealt with it. */
export class KeptStream {
  private readonly known = new Set<string>();
  /** The greatest number under which anything was published, by lease. */
  private readonly fences = new Map<string, number>();
  private readonly names = new Map<string, ServedName>();
  private count = 0;

  constructor(private readonly draws: Draws) {}

  /**
   * Keeps a message; says whether it is a new one, and not one that has come before.
   *
   * @throws AgentError `lease-lost` if something was published under a later lease already
   */
  publish(topic: string, payload: Payload, origin: StreamMessage['origin'], fence?: Fence): boolean {
    if (fence !== undefined) {
      const { lease, number } = fence;
      if (number < (this.fences.get(lease) ?? 0)) throw leaseLost(lease, topic);
      this.fences.set(lease, number);
    }
    if (this.known.has(origin.id)) return false;
    this.known.add(origin.id);
    const message = { number: ++this.count, topic, payload, origin };
    for (const name of this.names.values()) name.add(message);
    return true;
  }

  /** The name with all that is kept for it; it is known from now on. */
  named(name: string, filter: string, timers: Timers): ServedName {
    const key = `${name} ${filter}`;
    let served = this.names.get(key);
    if (served === undefined) this.names.set(key, (served = new ServedName(filter, timers, this.draws)));
    return served;
  }

  /** A host has gone: nothing is sent there any more. */
  gone(host: string): void {
    for (const name of this.names.values()) name.gone(host);
  }
}
