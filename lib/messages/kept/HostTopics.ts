import type { AgentError } from '../../AgentError';
import type { KeptPlan } from '../../store/keptBy';
import type { Scheduler } from '../../time/queue/Scheduler';
import type { RandomSource } from '../../time/spans/random';
import type { Bus, Keeping } from '../bus/Bus';
import { keepsNothing, leaseLost, notKept } from '../messageErrors';
import type { Payload } from '../payloads/Payload';
import type { Reading } from '../payloads/Reading';
import { type MessageStore, StoredTopics, type Unclaimed } from './StoredTopics';

interface UsedStore extends MessageStore {
  kept(plan: KeptPlan): Promise<void>;
}

/** What the durable topics of a host need of it. */
export interface TopicsOwner {
  readonly name: string;
  readonly scheduler: Scheduler;
  readonly random: RandomSource;
  /** What keeps messages on a bus that does not do so itself; made when it is asked for. */
  readonly store?: MessageStore | undefined;
  /** The same, if anything has been durable so far. */
  readonly usedStore?: MessageStore | undefined;
  /** Where what of an agent outlives the process is kept, if something does. */
  usedStoreOf?(agent: string): UsedStore | undefined;
  /** Of a singleton: how it stands with its lease. */
  leaseOf?(agent: string): Lease | undefined;
  report(error: AgentError): void;
  observerFailed(error: unknown): void;
}

/** The lease of a singleton, as its host has it. */
export interface Lease {
  /** The number under which it was taken; undefined if it is not this host's, by its clock. */
  readonly fence: number | undefined;
  /** Something was refused, since another host has it. */
  lose(): void;
}

/** A message of a durable topic, as it is published. */
export interface KeptPublication {
  /** Who publishes it; undefined for whoever is none of the host's agents. */
  readonly agent?: string;
  readonly topic: string;
  readonly data: Payload;
  /** The filter of its whole topic. */
  readonly keptIn: string;
  readonly isRetained: boolean;
  readonly reading?: Reading;
}

/** Whoever waits for what a message has led to waits as long as that takes. */
const AT_LAST: KeptPlan = { flushed: false, timeout: Infinity, ifFailing: 'wait' };

/** The durable topics of a host: its bus keeps their messages, or else its store. */
export class HostTopics {
  private stored: StoredTopics | undefined;
  /** The messages that are not known to be kept yet. */
  private readonly unkept = new Set<Promise<unknown>>();

  constructor(
    private readonly bus: Bus,
    private readonly owner: TopicsOwner,
  ) {}

  /** Whether the host's own store is what keeps them. */
  get areInStore(): boolean {
    return this.bus.keeping === undefined && this.bus.deliveries !== undefined;
  }

  /** Whether the host's own store keeps some, or would. */
  get areInUse(): boolean {
    return this.stored?.isInUse === true;
  }

  /** Whether there is anything that keeps them. */
  get areKept(): boolean {
    return this.bus.keeping !== undefined || this.storedIn(this.owner.store) !== undefined;
  }

  /** @throws AgentError `bus-unsupported` */
  get keeping(): Keeping {
    const keeping = this.bus.keeping ?? this.storedIn(this.owner.store);
    if (keeping === undefined) throw keepsNothing(this.owner.name, this.areInStore);
    return keeping;
  }

  /**
   * Publishes a message that is kept. That it could not be is told on the host's errors.
   *
   * Of a singleton whose lease is over it publishes nothing, and tells that on the host's errors, too.
   *
   * @throws AgentError `bus-unsupported`, and what the bus throws at once
   */
  publish({ agent = '', topic, data, keptIn, isRetained, reading }: KeptPublication): void {
    const { unkept, owner, bus } = this;
    const lease = owner.leaseOf?.(agent);
    if (lease !== undefined && lease.fence === undefined) {
      // It is about to end here, and not to fail.
      owner.report(leaseLost(agent, topic));
      return;
    }
    const number = lease?.fence;
    const fence =
      number === undefined ? undefined : { lease: agent, number, isHeld: () => lease?.fence === number };
    const kept = this.keeping.publish(topic, keptIn, data, fence).catch((cause: unknown) => {
      const error = notKept(topic, cause);
      owner.report(error);
      if (error.code === 'lease-lost') lease?.lose();
    });
    unkept.add(kept);
    void kept.then(() => unkept.delete(kept));
    // Those who are subscribed without a name get it from the bus itself.
    if (this.areInStore) bus.publish(topic, data, isRetained, reading);
  }

  /** Resolves when all that were published so far are kept, or never will be. */
  async published(): Promise<void> {
    await Promise.all(this.unkept);
  }

  /** Whether what is durable of an agent, if anything, is kept where the messages are. */
  isHomeOf(agent: string): boolean {
    const store = this.owner.usedStoreOf?.(agent);
    return store === undefined || store === this.owner.usedStore;
  }

  /** Resolves when all that durable parts of an agent have taken so far is kept; at once, if there are none. */
  async keptOf(agent: string): Promise<void> {
    await this.owner.usedStoreOf?.(agent)?.kept(AT_LAST);
  }

  /** The names under which an agent took messages in earlier lives, and nobody does now. */
  unclaimedBy(agent: string): readonly Unclaimed[] {
    const { usedStore } = this.owner;
    const stored = usedStore?.isOpen === true ? this.storedIn(usedStore) : undefined;
    return stored === undefined ? [] : [...stored.unclaimedBy(agent)];
  }

  /** The host has stopped, or its process has ended: nothing is delivered any more. */
  end(): void {
    this.stored?.end();
  }

  private storedIn(store: MessageStore | undefined): StoredTopics | undefined {
    const { deliveries, keeping } = this.bus;
    if (store === undefined || deliveries === undefined || keeping !== undefined) return undefined;
    return (this.stored ??= new StoredTopics(this.owner, store, deliveries));
  }
}
