import type { Observable, Subscription } from 'rxjs';
import { type AgentError, messageOf } from '../../AgentError';
import type { Scheduler } from '../../time/queue/Scheduler';
import { guarded } from '../../trace/guarded';
import { StateOutlet } from '../../trace/StateOutlet';
import type { Trace } from '../../trace/Trace';
import type { Bus, BusStatus } from './Bus';
import { busFailed } from '../messageErrors';

/** The host that is connected. */
export interface ConnectedHost {
  readonly name: string;
  readonly scheduler: Scheduler;
  readonly trace: Trace;
  report(error: AgentError): void;
  /** Is told what a subscriber has thrown. */
  observerFailed(error: unknown): void;
}

/** Is told whether a host is on its bus, once. */
export interface Waiting {
  connected(): void;
  failed(error: AgentError): void;
}

/** Connects a host with its bus, once, when somebody asks whether it is, and says how that stands. */
export class BusConnection {
  private current: BusStatus = 'disconnected';
  /** Why it cannot be connected. It is not asked again. */
  private failure: AgentError | undefined;
  private readonly status: StateOutlet<BusStatus>;
  private readonly waiting = new Set<Waiting>();
  private following: Subscription | undefined;
  private hasBegun = false;
  /** Whether the bus has taken this host: one that has refused it is another's, and is left alone. */
  isOurs = false;

  constructor(
    private readonly bus: Bus,
    private readonly host: ConnectedHost,
  ) {
    this.status = new StateOutlet((error) => {
      host.observerFailed(error);
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

  /** Disconnects, if it ever was connected; it never rejects. */
  async close(): Promise<void> {
    this.hasBegun = true;
    if (this.isOurs) {
      try {
        await this.bus.close();
      } catch (cause) {
        this.host.report(busFailed(cause, messageOf(cause)));
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
    const { host, bus } = this;
    // What it says before it has taken this host is said of another one, or no news.
    this.attempt(() => {
      bus.connect({
        name: host.name,
        timers: host.scheduler,
        onError: (error) => {
          host.observerFailed(error);
        },
        tell: (error) => {
          host.report(error);
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
    const { trace, name: agent } = this.host;
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
    this.host.report(error);
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
        this.host.observerFailed(error);
      },
    );
  }

  private taken(): readonly Waiting[] {
    const all = [...this.waiting];
    this.waiting.clear();
    return all;
  }
}
