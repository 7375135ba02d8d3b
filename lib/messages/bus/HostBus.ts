import type { Observable, Subscription } from 'rxjs';
import { type AgentError, messageOf } from '../../AgentError';
import { Deadlines } from '../../time/queue/Deadlines';
import type { Scheduler } from '../../time/queue/Scheduler';
import { guarded } from '../../trace/guarded';
import { StateOutlet } from '../../trace/StateOutlet';
import type { Trace } from '../../trace/Trace';
import type { KeptPlan } from '../../store/keptBy';
import type { Bus, BusStatus, Keeping } from './Bus';
import { busFailed, duplicateServer, keepsNothing, notEnded, notKept } from '../messageErrors';
import type { Payload } from '../payloads/Payload';

/** What a host's bus needs of its host. */
export interface BusOwner {
  readonly name: string;
  readonly scheduler: Scheduler;
  readonly trace: Trace;
  report(error: AgentError): void;
  /** Is told what a subscriber has thrown. */
  observerFailed(error: unknown): void;
  /** What outlives the process, if something of its agents does. */
  readonly usedStore?: { kept(plan: KeptPlan): Promise<void> } | undefined;
}

/** Whoever waits for what a message has led to waits as long as that takes. */
const AT_LAST: KeptPlan = { flushed: false, timeout: Infinity, ifFailing: 'wait' };

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
  /** The messages that are not known to be kept yet. */
  private readonly unkept = new Set<Promise<unknown>>();
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
        tell: (error) => {
          owner.report(error);
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
