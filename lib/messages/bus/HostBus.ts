import { messageOf } from '../../AgentError';
import { Deadlines } from '../../time/queue/Deadlines';
import { HostTopics, type TopicsOwner } from '../kept/HostTopics';
import { busFailed, duplicateServer, notEnded } from '../messageErrors';
import type { Bus } from './Bus';
import { BusConnection, type ConnectedHost } from './BusConnection';

/** What a host's bus needs of its host. */
export type BusOwner = ConnectedHost & TopicsOwner;

/** A host's bus, shared by all of its agents: who serves what, and what becomes of messages that are kept. */
export class HostBus {
  readonly connection: BusConnection;
  /** Those of the calls of all agents. */
  readonly deadlines: Deadlines;
  readonly topics: HostTopics;
  /** Which agent serves a procedure, or will when it is on the bus. */
  private readonly servers = new Map<string, string>();

  constructor(
    readonly bus: Bus,
    private readonly owner: BusOwner,
  ) {
    this.connection = new BusConnection(bus, owner);
    this.deadlines = new Deadlines(owner.scheduler);
    this.topics = new HostTopics(bus, owner);
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

  /** Resolves when all that was published so far has been heard, on a bus that knows; it never rejects. */
  async heard(): Promise<void> {
    if (!this.connection.isOurs || this.bus.heard === undefined) return;
    try {
      await this.bus.heard();
    } catch (cause) {
      this.owner.report(busFailed(cause, messageOf(cause)));
    }
  }

  /** Lets go of it, whether it has been closed or not. */
  release(): void {
    this.topics.end();
    this.connection.release();
  }
}
