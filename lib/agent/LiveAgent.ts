import type { Observable, Subscription } from 'rxjs';
import { AgentError, messageOf } from '../AgentError';
import type { HandlerError } from '../handlers/HandlerError';
import { formatMs, toMs } from '../time/duration';
import type { LedgerEntry, RunnerPart } from '../trace/Ledger';
import { Outlet } from '../trace/Outlet';
import { StateOutlet } from '../trace/StateOutlet';
import type { Phase } from '../trace/TraceEvent';
import type { AgentHandle, Health, StopReport } from './AgentHandle';
import type { AgentHost } from './AgentHost';
import { AgentScope, type ScopeOwner } from './AgentScope';
import { ConfigKeeper } from './ConfigKeeper';
import type { AgentDefinition, Streams } from './defineAgent';
import { HealthKeeper } from './HealthKeeper';
import { type LifecycleMoment, LifecycleOutlets } from './Lifecycle';
import { LiveContext } from './LiveContext';
import { Readiness } from './Readiness';
import { Shutdown } from './Shutdown';
import type { StreamOwner } from './StreamSubscriber';
import { Wiring } from './Wiring';

/** Is told what becomes of a start. */
export interface StartObserver {
  ready(): void;
  failed(error: unknown): void;
}

/**
 * One life of an agent. Its phases follow one another in this order, which is the order of the methods, too:
 * setup, configured, start, ready, stopping, finish, and then stopped or failed.
 */
export class LiveAgent implements AgentHandle, ScopeOwner, StreamOwner {
  readonly name: string;
  state: Phase = 'setup';
  private readonly phases: StateOutlet<Phase>;
  private readonly errors: Outlet<AgentError>;
  private readonly healthKeeper: HealthKeeper;
  private readonly lifecycle: LifecycleOutlets;
  private readonly scope: AgentScope;
  private readonly config: ConfigKeeper;
  private readonly wiring: Wiring;
  private readonly shutdown: Shutdown;
  private closing: AbortController | undefined;
  private readiness: Readiness | undefined;
  private startDeadline: Subscription | undefined;
  private startObserver: StartObserver | undefined;
  /** A config that came before the start. */
  private nextConfig: object | undefined;
  private hasStarted = false;
  /** What has ended the life before its time. */
  private failure: { readonly error: unknown } | undefined;
  private readonly stopObservers: ((report: StopReport) => void)[] = [];
  private report: StopReport | undefined;

  /** @throws AgentError `bad-config` */
  constructor(
    private readonly host: AgentHost,
    private readonly definition: AgentDefinition,
    config: unknown,
  ) {
    const onThrow = (error: unknown): void => {
      this.observerFailed(error);
    };
    const { scheduler } = host;
    this.name = definition.name;
    this.config = new ConfigKeeper(this.name, definition.config, config, onThrow);
    this.phases = new StateOutlet(onThrow);
    this.errors = new Outlet(onThrow);
    this.healthKeeper = new HealthKeeper(() => scheduler.now(), onThrow);
    this.lifecycle = new LifecycleOutlets(onThrow);
    this.scope = new AgentScope(this.name, host, this);
    this.wiring = new Wiring(this.scope, this, onThrow);
    const stopTimeout =
      definition.stopTimeout === undefined ? host.stopTimeout : toMs(definition.stopTimeout);
    this.shutdown = new Shutdown(this.scope, (work, delay) => scheduler.schedule(work, delay), stopTimeout);
  }

  // From setup to ready.

  /**
   * Makes the streams, subscribes to them and lets them set up, all of it synchronously.
   * If something throws, that is thrown here, and nothing of the agent is left.
   */
  setUp(observer: StartObserver): void {
    this.enter('setup');
    try {
      this.wiring.connect(this.definition.streams(this.context()));
      this.watchReadiness();
      this.emit('setup');
    } catch (error) {
      this.failure ??= { error };
    }
    if (this.failure !== undefined) {
      this.scope.halt();
      this.finish();
      throw this.failure.error;
    }
    this.startObserver = observer;
  }

  /** Starts an agent that has been set up, as a task of the scheduler. */
  start(): void {
    if (this.state !== 'setup') return;
    this.enter('configured');
    this.config.publish();
    this.enter('start');
    this.hasStarted = true;
    this.emit('start');
    if (this.nextConfig !== undefined) this.config.publish(this.nextConfig);
    this.awaitReadiness();
  }

  private context(): LiveContext {
    return new LiveContext(this.lifecycle, this.host, this.scope, this.config, () => {
      this.closing ??= new AbortController();
      return this.closing.signal;
    });
  }

  /** It is watched from before the start, lest a stream that emits at once is missed. */
  private watchReadiness(): void {
    if (this.definition.readyWhen === undefined) return;
    this.readiness = new Readiness(this.definition.readyWhen(this.wiring.streams), (error) => {
      this.fail(
        new AgentError('stream-failed', `${this.name}: readyWhen failed: ${messageOf(error)}`, {
          agent: this.name,
          cause: error,
        }),
      );
    });
  }

  private awaitReadiness(): void {
    if (this.readiness === undefined) {
      this.becomeReady();
      return;
    }
    const timeout =
      this.definition.startTimeout === undefined
        ? this.host.startTimeout
        : toMs(this.definition.startTimeout);
    this.startDeadline = this.host.scheduler.schedule(() => {
      const message = `${this.name} is not ready after ${formatMs(timeout)}: readyWhen has not emitted. Mend it, or give the agent a longer startTimeout.`;
      this.fail(new AgentError('start-timeout', message, { agent: this.name }));
    }, timeout);
    this.readiness.await(() => {
      this.becomeReady();
    });
  }

  private becomeReady(): void {
    if (this.state !== 'start') return;
    this.startDeadline?.unsubscribe();
    this.enter('ready');
    this.healthKeeper.started();
    this.emit('ready');
    this.startObserver?.ready();
    this.startObserver = undefined;
  }

  // From ready to stopped, or failed.

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
    if (this.stopObservers.length > 1) return;
    this.startDeadline?.unsubscribe();
    this.enter('stopping');
    this.rejectStart();
    this.scope.halt();
    this.shutdown.await('inFlight', () => {
      if (this.hasStarted) this.emit('stop');
      this.shutdown.await('unfinished', () => {
        this.finish();
      });
    });
  }

  private finish(): void {
    this.enter('finish');
    this.emit('finish');
    this.readiness?.end();
    this.wiring.disconnect();
    this.closing?.abort();
    this.report = { agent: this.name, left: this.shutdown.left };
    this.healthKeeper.stopped(this.failure === undefined ? undefined : messageOf(this.failure.error));
    this.enter(this.failure === undefined ? 'stopped' : 'failed');
    for (const outlet of [this.phases, this.errors, this.lifecycle, this.config]) outlet.complete();
    this.host.left(this.name);
    for (const done of this.stopObservers) done(this.report);
  }

  /** Ends the life before its time: as a task of its own, since it may be called from the midst of a stream. */
  private fail(error: AgentError): void {
    if (this.failure !== undefined) return;
    this.failure = { error };
    this.tell(error);
    this.host.scheduler.schedule(() => {
      this.shutDown(() => undefined);
    });
  }

  private rejectStart(): void {
    const stopped = new AgentError('agent-stopped', `${this.name} was stopped before it was ready.`, {
      agent: this.name,
    });
    this.startObserver?.failed(this.failure === undefined ? stopped : this.failure.error);
    this.startObserver = undefined;
  }

  // What its parts tell it.

  emitted(stream: string, value: unknown): void {
    this.host.output(this.name, stream, value);
  }

  streamFailed(stream: string, cause: unknown): void {
    if (this.state === 'setup') {
      this.failure ??= { error: cause };
      return;
    }
    const message = `${this.name}.${stream} failed: ${messageOf(cause)}. An error in a stream ends its agent; catch it in the stream, or do the work in a handler.`;
    this.fail(new AgentError('stream-failed', message, { agent: this.name, stream, cause }));
  }

  handlerFailed(part: RunnerPart, error: HandlerError, shouldStop: boolean): void {
    if (this.state === 'setup') this.failure ??= { error: error.cause };
    this.healthKeeper.failed(part, error.message);
    if (shouldStop) this.fail(error);
    else this.tell(error);
  }

  handlerRecovered(part: RunnerPart): void {
    this.healthKeeper.recovered(part);
  }

  taskFailed(cause: unknown): void {
    this.fail(
      new AgentError('task-failed', `${this.name}: scheduled work threw: ${messageOf(cause)}`, {
        agent: this.name,
        cause,
      }),
    );
  }

  runEnded(): void {
    this.shutdown.look();
  }

  private observerFailed(cause: unknown): void {
    if (this.state === 'setup') this.failure ??= { error: cause };
    this.tell(
      new AgentError('observer-failed', `${this.name}: a subscriber threw: ${messageOf(cause)}`, {
        agent: this.name,
        cause,
      }),
    );
  }

  // What it tells.

  get streams(): Streams {
    return this.wiring.streams;
  }

  get state$(): Observable<Phase> {
    return this.phases.$;
  }

  get health(): Health {
    return this.healthKeeper.current;
  }

  get health$(): Observable<Health> {
    return this.healthKeeper.$;
  }

  get errors$(): Observable<AgentError> {
    return this.errors.$;
  }

  configure(input: unknown): void {
    if (this.report !== undefined || this.stopObservers.length > 0) {
      throw new AgentError('agent-stopped', `${this.name} has stopped: it takes no config any more.`, {
        agent: this.name,
      });
    }
    const config = this.config.read(input);
    if (!this.hasStarted) this.nextConfig = config;
    else
      this.scope.schedule(() => {
        this.config.publish(config);
      });
  }

  ledger(): readonly LedgerEntry[] {
    return [...this.scope.ledger.entries()];
  }

  private enter(phase: Phase): void {
    this.state = phase;
    this.phases.next(phase);
    if (this.host.trace.isWatched) this.host.trace.write({ type: 'phase', agent: this.name, phase });
  }

  private emit(type: LifecycleMoment): void {
    this.lifecycle.emit({ type, agent: this.name, at: this.host.scheduler.now() });
  }

  private tell(error: AgentError): void {
    this.errors.next(error);
    this.host.report(error);
  }
}
