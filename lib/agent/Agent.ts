import { type AgentError, messageOf } from '../AgentError';
import { captureContext, runIn } from '../time/Context';
import type { LedgerEntry } from '../trace/Ledger';
import { AgentFace } from './AgentFace';
import { leftBehind, stoppedBeforeReady } from './agentErrors';
import type { StopReport } from './AgentHandle';
import type { Failure } from './life/Incidents';
import { LiveAgent } from './life/LiveAgent';

/** Is told what becomes of a start. */
export interface StartObserver {
  ready(): void;
  failed(error: unknown): void;
}

/** An agent in a host, over all of its lives. There is one only, unless a supervisor wants another. */
export class Agent extends AgentFace {
  /** Whether it has been ready in any life. One that could not even start is not started again. */
  hasLived = false;
  /** Where it was started: all of its lives are lived there, from setup to finish. */
  readonly context = captureContext();
  /** Whether another life is to follow the one that ends, or has ended. */
  private comesBack = false;
  private startObserver: StartObserver | undefined;
  private readonly stopObservers: ((report: StopReport) => void)[] = [];
  private failure: { readonly error: unknown } | undefined;

  /**
   * Begins the first life, synchronously, up to its start.
   * If something throws, that is thrown here, and nothing of the agent is left.
   */
  setUp(observer: StartObserver): void {
    this.life = new LiveAgent(this, this.config);
    this.life.setUp();
    this.startObserver = observer;
    this.supervisor?.add(this);
  }

  /** Starts an agent that has been set up, as a task of the scheduler. */
  start(): void {
    this.life?.start();
  }

  /** Begins another life, in a task of the scheduler. */
  restart(): void {
    this.comesBack = false;
    const life = new LiveAgent(this, this.config);
    this.life = life;
    try {
      runIn(this.context, () => {
        life.setUp();
      });
    } catch {
      // It has been told of, and the supervisor has decided.
      return;
    }
    life.start();
  }

  /** Ends the life, so that the supervisor can begin another one. */
  suspend(): void {
    if (this.life === undefined || this.isToStop) return;
    this.comesBack = true;
    this.life.end();
  }

  stop(): Promise<StopReport> {
    return new Promise((resolve) => {
      this.shutDown(resolve);
    });
  }

  /** As `stop`, with a callback, which is called at once if there is nothing to wait for. */
  shutDown(done: (report: StopReport) => void): void {
    if (this.report !== undefined) {
      done(this.report);
      return;
    }
    this.stopObservers.push(done);
    this.comesBack = false;
    if (this.life === undefined) this.close([]);
    else this.life.end();
  }

  /** Lets it wait for nothing any more: what goes on is cut off now, and so is all that comes. */
  hurry(): void {
    this.life?.hurry();
  }

  /** Whether a stop has been asked for, behind which there is no life. */
  get isToStop(): boolean {
    return this.stopObservers.length > 0;
  }

  ledger(): readonly LedgerEntry[] {
    return this.life?.ledger() ?? this.supervisor?.ledger(this) ?? [];
  }

  // What the present life tells.

  /** What the life before failed of is over. */
  becomesReady(): void {
    this.hasLived = true;
    this.condition.recovered(this);
    this.condition.started();
  }

  becameReady(): void {
    this.startObserver?.ready();
    this.startObserver = undefined;
    this.supervisor?.up(this);
  }

  /** The life cannot go on; it ends after this. An agent that could not even start is not started again. */
  failed({ error, then }: Failure): void {
    if (this.comesBack || this.failure !== undefined) return;
    if (then !== 'stop' && this.hasLived && !this.isToStop) {
      this.supervisor ??= this.host.supervise(this, then);
      this.comesBack = this.supervisor?.failed(this, error) ?? false;
    }
    if (!this.comesBack) this.failure ??= { error };
  }

  /** What a supervisor has to say at the end is the reason of that end. */
  giveUp(error: AgentError): void {
    this.failure = { error };
    this.tell(error);
  }

  /** The life stops: who waits for a first start waits in vain, unless there is another life. */
  stopping(): void {
    if (this.comesBack) return;
    this.startObserver?.failed(
      this.failure === undefined ? stoppedBeforeReady(this.name) : this.failure.error,
    );
    this.startObserver = undefined;
  }

  /** The life is over. That is said of the health before its handlers go, lest it seems to recover by that. */
  ending(): void {
    if (this.comesBack) return;
    this.condition.stopped(this.failure === undefined ? undefined : messageOf(this.failure.error));
  }

  ended(left: readonly LedgerEntry[]): void {
    if (!this.comesBack) {
      this.close(left);
      return;
    }
    this.life = undefined;
    this.phase.enter('restarting');
    if (left.length > 0) this.tell(leftBehind(this.name, left));
    this.supervisor?.down(this);
  }

  private close(left: readonly LedgerEntry[]): void {
    this.ending();
    this.isRestartable = false;
    this.wiring.complete();
    this.report = { agent: this.name, left };
    this.phase.enter(this.failure === undefined ? 'stopped' : 'failed');
    for (const part of [this.phase, this.errors]) part.complete();
    this.supervisor?.left(this);
    this.host.left(this);
    for (const done of this.stopObservers) done(this.report);
  }
}
