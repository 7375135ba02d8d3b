import type { Observable, Subscription } from 'rxjs';
import { type AgentError, messageOf } from '../../AgentError';
import { Deadlines } from '../../time/queue/Deadlines';
import type { Scheduler } from '../../time/queue/Scheduler';
import { guarded } from '../../trace/guarded';
import { StateOutlet } from '../../trace/StateOutlet';
import type { Trace } from '../../trace/Trace';
import type { Bus, BusStatus } from './Bus';
import { busFailed, duplicateServer, notEnded } from '../messageErrors';

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
  /** Those of the calls of all agents. */
  readonly deadlines: Deadlines;
  private current: BusStatus = 'disconnected';
  /** Why it cannot be connected. It is not asked again. */
  private failure: AgentError | undefined;
  private readonly status: StateOutlet<BusStatus>;
  private readonly waiting = new Set<Waiting>();
  /** Which agent serves a procedure, or will when it is on the bus. */
  private readonly servers = new Map<string, string>();
  private following: Subscription | undefined;
  private hasBegun = false;
  /** Whether the bus has taken this host: one that has refused it is another's, and is left alone. */
  private isOurs = false;

  constructor(
    readonly bus: Bus,
    private readonly owner: BusOwner,
  ) {
    this.deadlines = new Deadlines(owner.scheduler);
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

  /** Tells that something which an agent had on the bus has thrown at its end. */
  notEnded(agent: string, cause: unknown): void {
    this.owner.report(notEnded(agent, cause));
  }

  /** Resolves when all that was published so far has been heard, on a bus that knows; it never rejects. */
  async heard(): Promise<void> {
    if (!this.isOurs || this.bus.heard === undefined) return;
    try {
      await this.bus.heard();
    } catch (cause) {
      this.owner.report(busFailed(cause, messageOf(cause)));
    }
  }

  /** Disconnects, if it ever was connected; it never rejects. */
  async close(): Promise<void> {
    this.hasBegun = true;
    if (this.isOurs) {
      try {
        await this.bus.close();
      } catch (cause) {
        this.owner.report(busFailed(cause, messageOf(cause)));
      }
    }
    this.release();
  }

  /** Lets go of it, whether it has been closed or not. */
  release(): void {
    this.unfollow();
    this.status.complete();
  }

  private connect(): void {
    if (this.hasBegun) return;
    this.hasBegun = true;
    const { owner, bus } = this;
    // What it says before it has taken this host is said of another one, or no news.
    this.attempt(() => {
      bus.connect({
        name: owner.name,
        timers: owner.scheduler,
        onError: (error) => {
          owner.observerFailed(error);
        },
      });
      this.isOurs = true;
    });
    if (this.failure !== undefined) return;
    let isNews = false;
    this.attempt(() => {
      this.following = bus.status$.subscribe({
        next: (status) => {
          this.enter(status, isNews);
        },
        error: (cause: unknown) => {
          this.fail(cause);
        },
      });
    });
    isNews = true;
  }

  private attempt(work: () => void): void {
    guarded(work, (cause) => {
      this.fail(cause);
    });
  }

  private enter(status: BusStatus, isNews: boolean): void {
    const { trace, name: agent } = this.owner;
    if (status === this.current) return;
    this.current = status;
    if (trace.isWatched && isNews) trace.write({ type: 'bus-status', agent, status });
    this.status.next(status);
    if (status === 'connected') for (const waiting of this.taken()) waiting.connected();
  }

  private fail(cause: unknown): void {
    const error = busFailed(cause, messageOf(cause));
    this.failure = error;
    this.unfollow();
    this.owner.report(error);
    this.enter('closed', true);
    for (const waiting of this.taken()) waiting.failed(error);
  }

  private unfollow(): void {
    const { following } = this;
    this.following = undefined;
    guarded(
      () => {
        following?.unsubscribe();
      },
      (error) => {
        this.owner.observerFailed(error);
      },
    );
  }

  private taken(): readonly Waiting[] {
    const all = [...this.waiting];
    this.waiting.clear();
    return all;
  }
}
