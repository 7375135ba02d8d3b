import { Cancelled } from '../handlers/Cancelled';
import { toMs } from '../time/duration';
import { AgentFace } from './AgentFace';
import { notReady, readinessFailed, stoppedBeforeReady } from './agentErrors';
import type { StopReport } from './AgentHandle';
import { Joining } from './Joining';
import type { LifecycleEvent, LifecycleMoment } from './Lifecycle';
import { Readiness } from './Readiness';

/** Is told what becomes of a start. */
export interface StartObserver {
  ready(): void;
  failed(error: unknown): void;
}

/**
 * One life of an agent. Its phases follow one another in this order, which is the order of the methods, too:
 * setup, configured, start, ready, stopping, finish, and then stopped or failed.
 */
export class LiveAgent extends AgentFace {
  private readiness: Readiness | undefined;
  private joining: Joining | undefined;
  private startObserver: StartObserver | undefined;
  /** Whether a step of the start is being done: a stop that is asked for in the midst of it comes after it. */
  private isStepping = false;
  private readonly stopObservers: ((report: StopReport) => void)[] = [];

  // From setup to ready.

  /**
   * Makes the streams, subscribes to them and lets them set up, all of it synchronously.
   * If something throws, that is thrown here, and nothing of the agent is left.
   */
  setUp(observer: StartObserver): void {
    this.isStepping = true;
    try {
      this.phase.enter('setup');
      this.wiring.connect(this.definition.streams(this.context()), () => {
        this.watchReadiness();
      });
      this.emit('setup');
    } catch (error) {
      this.incidents.end(error);
    }
    this.isStepping = false;
    const { fatal } = this.incidents;
    if (fatal === undefined && !this.isToStop) {
      this.startObserver = observer;
      return;
    }
    this.scope.halt();
    this.finish();
    this.close();
    throw fatal === undefined ? stoppedBeforeReady(this.name) : fatal.error;
  }

  /** Starts an agent that has been set up, as a task of the scheduler, when the bus is connected. */
  start(): void {
    const { host } = this;
    if (host.bus.isConnected) {
      this.begin();
      return;
    }
    if (!this.isSetUp) return;
    this.joining = new Joining(
      host,
      this.name,
      this.startTimeout,
      () => {
        this.begin();
      },
      (error) => {
        this.incidents.fail(error);
      },
    );
  }

  private get isSetUp(): boolean {
    return this.state === 'setup' && this.incidents.fatal === undefined;
  }

  private begin(): void {
    if (!this.isSetUp) return;
    this.incidents.isSettingUp = false;
    this.step(() => {
      this.scope.joinBus();
      this.phase.enter('configured');
      this.config.publish();
      if (this.isToStop) return;
      this.phase.enter('start');
      this.hasStarted = true;
      this.emit('start');
      this.config.publishKept();
    });
    this.awaitReadiness();
  }

  private watchReadiness(): void {
    const { definition, name } = this;
    if (definition.readyWhen === undefined) return;
    this.readiness = new Readiness(name, definition.readyWhen(this.wiring.streams), (error) => {
      this.incidents.fail(readinessFailed(name, error));
    });
  }

  private awaitReadiness(): void {
    if (this.readiness === undefined) {
      this.becomeReady();
      return;
    }
    if (this.state !== 'start') return;
    const refuse = (): void => {
      this.incidents.fail(notReady(this.name, this.startTimeout));
    };
    this.readiness.await(
      () => {
        this.becomeReady();
      },
      () => this.host.scheduler.schedule(refuse, this.startTimeout),
    );
  }

  private get startTimeout(): number {
    return toMs(this.definition.startTimeout ?? this.host.startTimeout);
  }

  private becomeReady(): void {
    if (this.state !== 'start' || this.incidents.fatal !== undefined) return;
    this.step(() => {
      this.phase.enter('ready');
      this.incidents.health.started();
      this.emit('ready');
      this.startObserver?.ready();
      this.startObserver = undefined;
    });
  }

  private step(work: () => void): void {
    this.isStepping = true;
    work();
    this.isStepping = false;
    if (this.isToStop) this.beginStop();
  }

  // From ready to stopped, or failed.

  protected get isToStop(): boolean {
    return this.stopObservers.length > 0;
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
    if (this.stopObservers.length === 1 && !this.isStepping) this.beginStop();
  }

  private beginStop(): void {
    this.joining?.end();
    this.readiness?.end();
    this.phase.enter('stopping');
    this.rejectStart();
    this.scope.halt();
    this.shutdown.await('inFlight', () => {
      if (this.hasStarted) this.emit('stop');
      this.shutdown.await('unfinished', () => {
        this.leaveBus(() => {
          this.finish();
          this.shutdown.await('inFlight', () => {
            this.close();
          });
        });
      });
    });
  }

  private rejectStart(): void {
    const { fatal } = this.incidents;
    this.startObserver?.failed(fatal === undefined ? stoppedBeforeReady(this.name) : fatal.error);
    this.startObserver = undefined;
  }

  /** What has been published at this instant still arrives, from other agents that stop at it, too. */
  private leaveBus(then: () => void): void {
    const leave = (): void => {
      this.scope.leaveBus();
      then();
    };
    if (!this.scope.isOnBus) leave();
    else
      this.host.scheduler.schedule(() => {
        this.shutdown.await('unfinished', leave);
      });
  }

  private finish(): void {
    this.phase.enter('finish');
    this.emit('finish');
  }

  private close(): void {
    this.incidents.stopped();
    this.readiness?.end();
    this.wiring.disconnect();
    this.report = { agent: this.name, left: this.shutdown.left };
    this.closing?.abort(Cancelled.because.stopped);
    this.phase.enter(this.incidents.fatal === undefined ? 'stopped' : 'failed');
    for (const part of [this.phase, this.incidents, this.lifecycle, this.config]) part.complete();
    this.host.left(this.name);
    for (const done of this.stopObservers) done(this.report);
  }

  /** As a task of its own, since this may be in the midst of a stream; but the setup ends what it has begun itself. */
  protected endSoon(): void {
    const isInSetup = this.isStepping && this.state === 'setup';
    if (isInSetup) return;
    this.host.scheduler.schedule(() => {
      this.shutDown(() => undefined);
    });
  }

  private emit(type: LifecycleMoment): void {
    const event: LifecycleEvent = { type, agent: this.name, at: this.host.scheduler.now() };
    if (type === 'setup') this.incidents.setupEvent = event;
    try {
      this.lifecycle.emit(event);
    } catch (error) {
      this.incidents.taskFailed(error);
    }
  }
}
