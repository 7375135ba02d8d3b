import { messageOf } from '../../AgentError';
import type { KeptPlan } from '../../store/keptBy';
import { Deadlines } from '../../time/queue/Deadlines';
import { busFailed, duplicateServer, keepsNothing, notEnded, notKept } from '../messageErrors';
import type { Payload } from '../payloads/Payload';
import type { Bus, Keeping } from './Bus';
import { BusConnection, type ConnectedHost } from './BusConnection';

/** What a host's bus needs of its host. */
export interface BusOwner extends ConnectedHost {
  /** What outlives the process, if something of its agents does. */
  readonly usedStore?: { kept(plan: KeptPlan): Promise<void> } | undefined;
}

/** Whoever waits for what a message has led to waits as long as that takes. */
const AT_LAST: KeptPlan = { flushed: false, timeout: Infinity, ifFailing: 'wait' };

/** A host's bus, shared by all of its agents: who serves what, and which messages are not kept yet. */
export class HostBus {
  readonly connection: BusConnection;
  /** Those of the calls of all agents. */
  readonly deadlines: Deadlines;
  /** Which agent serves a procedure, or will when it is on the bus. */
  private readonly servers = new Map<string, string>();
  /** The messages that are not known to be kept yet. */
  private readonly unkept = new Set<Promise<unknown>>();

  constructor(
    readonly bus: Bus,
    private readonly owner: BusOwner,
  ) {
    this.connection = new BusConnection(bus, owner);
    this.deadlines = new Deadlines(owner.scheduler);
  }

  /**
   * Takes note that an agent serves a procedure, and gives the way to end that.
   *
   * @throws AgentError `duplicate-server`
   */
  claim(procedure: string, agent: string): () => void {
    const other = this.servers.get(procedure);
    if (other !== undefined) throw duplicateServer(procedure, other);
    this.servers.set(procedure, agent);
    return () => {
      this.servers.delete(procedure);
    };
  }

  /** Tells that something which an agent had on the bus has thrown at its end. */
  notEnded(agent: string, cause: unknown): void {
    this.owner.report(notEnded(agent, cause));
  }

  /**
   * What keeps the messages of durable topics.
   *
   * @throws AgentError `bus-unsupported`
   */
  get keeping(): Keeping {
    if (this.bus.keeping === undefined) throw keepsNothing(this.owner.name);
    return this.bus.keeping;
  }

  /**
   * Publishes a message that is kept. That it could not be is told on the host's errors.
   *
   * @throws AgentError `bus-unsupported`, and what the bus throws at once
   */
  publishKept(topic: string, of: string, payload: Payload): void {
    const { unkept } = this;
    const kept = this.keeping.publish(topic, of, payload).catch((cause: unknown) => {
      this.owner.report(notKept(topic, cause));
    });
    unkept.add(kept);
    void kept.then(() => unkept.delete(kept));
  }

  /** Resolves when all messages of durable topics that were published so far are kept, or never will be. */
  async published(): Promise<void> {
    await Promise.all(this.unkept);
  }

  /** Resolves when all that durable parts have taken so far is kept; at once, if there are none. */
  async kept(): Promise<void> {
    await this.owner.usedStore?.kept(AT_LAST);
  }

  /** Resolves when all that was published so far has been heard, on a bus that knows; it never rejects. */
  async heard(): Promise<void> {
    if (!this.connection.isOurs || this.bus.heard === undefined) return;
    try {
      await this.bus.heard();
    } catch (cause) {
      this.owner.report(busFailed(cause, messageOf(cause)));
    }
  }
}
