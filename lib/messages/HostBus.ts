import type { Observable, Subscription } from 'rxjs';
import { type AgentError, messageOf } from '../AgentError';
import type { Scheduler } from '../time/Scheduler';
import { StateOutlet } from '../trace/StateOutlet';
import type { Trace } from '../trace/Trace';
import type { Bus, BusStatus } from './Bus';
import { busFailed, duplicateServer, notEnded } from './messageErrors';

/** What a host's bus needs of its host. */
export interface BusOwner {
  readonly name: string;
  readonly scheduler: Scheduler;
  readonly trace: Trace;
  report(error: AgentError): void;
  /** Is told what a subscriber has thrown. */
  observerFailed(error: unknown): void;
}

interface Waiting {
  connected(): void;
  failed(error: AgentError): void;
}

/** A host's bus: it is connected when the first agent needs it, and shared by all. */
export class HostBus {
  private current: BusStatus = 'disconnected';
  private failure: AgentError | undefined;
  private readonly status: StateOutlet<BusStatus>;
  private readonly waiting = new Set<Waiting>();
  /** Which agent serves a procedure, or will when it is on the bus. */
  private readonly servers = new Map<string, string>();
  private following: Subscription | undefined;
  /** A bus that is connected at once is no news. */
  private hasBegun = false;

  constructor(
    readonly bus: Bus,
    private readonly owner: BusOwner,
  ) {
    this.status = new StateOutlet((error) => {
      owner.observerFailed(error);
    });
    this.status.next(this.current);
  }

  get status$(): Observable<BusStatus> {
    return this.status.$;
  }

  /** Whether it is connected; to ask begins to connect it. */
  get isConnected(): boolean {
    this.connect();
    return this.current === 'connected';
  }

  /** Calls back when the bus is connected, or cannot be, maybe at once. Gives the way not to wait any more. */
  whenConnected(waiting: Waiting): () => void {
    if (this.isConnected) waiting.connected();
    else if (this.failure !== undefined) waiting.failed(this.failure);
    else this.waiting.add(waiting);
    return () => {
      this.waiting.delete(waiting);
    };
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

  /** Does something in a task of the host's scheduler. */
  later(work: () => void): void {
    this.owner.scheduler.schedule(work);
  }

  /** Tells that something which an agent had on the bus has thrown at its end. */
  notEnded(agent: string, cause: unknown): void {
    this.owner.report(notEnded(agent, cause));
  }

  /** Disconnects, if it ever was connected; it never rejects. */
  async close(): Promise<void> {
    if (this.following === undefined) return;
    try {
      await this.bus.close();
    } catch (cause) {
      this.owner.report(busFailed(cause, messageOf(cause)));
    }
    this.following.unsubscribe();
    this.status.complete();
  }

  private connect(): void {
    if (this.following !== undefined) return;
    const { owner, bus } = this;
    this.following = bus.status$.subscribe({
      next: (status) => {
        this.enter(status);
      },
      error: (cause: unknown) => {
        this.fail(busFailed(cause, messageOf(cause)));
      },
    });
    try {
      bus.connect({
        timers: owner.scheduler,
        onError: (error) => {
          owner.observerFailed(error);
        },
      });
    } catch (cause) {
      this.fail(busFailed(cause, messageOf(cause)));
    }
    this.hasBegun = true;
  }

  private enter(status: BusStatus): void {
    const { trace, name: agent } = this.owner;
    if (status === this.current) return;
    this.current = status;
    if (trace.isWatched && this.hasBegun) trace.write({ type: 'bus-status', agent, status });
    this.status.next(status);
    if (status === 'connected') for (const waiting of this.taken()) waiting.connected();
  }

  private fail(error: AgentError): void {
    this.failure = error;
    this.owner.report(error);
    this.enter('closed');
    for (const waiting of this.taken()) waiting.failed(error);
  }

  private taken(): readonly Waiting[] {
    const all = [...this.waiting];
    this.waiting.clear();
    return all;
  }
}
