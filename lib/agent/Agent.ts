import type { Observable } from 'rxjs';
import { type AgentError, messageOf } from '../AgentError';
import { captureContext, type Context } from '../time/present/Context';
import type { LedgerEntry } from '../trace/Ledger';
import { Outlet } from '../trace/Outlet';
import { leftBehind, observerFailed, stoppedBeforeReady, takesNoConfig } from './agentErrors';
import type { AgentHandle, StopReport } from './AgentHandle';
import type { AgentHost } from './AgentHost';
import { AgentView, type ViewedAgent } from './AgentView';
import type { ConfigSource } from './config/ConfigSource';
import type { ReadDefinition } from './definition/readDefinition';
import { HealthMonitor } from './health/HealthMonitor';
import type { Failure } from './life/Incidents';
import { type DrivenAgent, LifeDriver } from './life/LifeDriver';
import type { LifeObserver } from './life/LifeEffects';
import { type Standing, standingAt } from './life/standing';
import { CurrentPhase } from './life/CurrentPhase';
import { Wiring } from './life/Wiring';
import { Settlement, type StartObserver } from './Settlement';

/** Who looks after an agent: its host. */
export interface AgentOwner {
  /** Its life has failed. Says whether another one is to follow. */
  failed(agent: Agent, failure: Failure): boolean;
  /** It is ready, or down, or gone. */
  changed(agent: Agent): void;
  /** It is about to be gone for good: its name is free. */
  left(agent: Agent): void;
  /** What it waits for while it is down. */
  ledger(agent: Agent): readonly LedgerEntry[];
  /** Those that it needs, and that are yet to be ready before it may start. */
  missing(agent: Agent): readonly string[];
}

/** What an agent is made of. */
export interface AgentParts {
  readonly definition: ReadDefinition;
  readonly source: ConfigSource;
  /** The config that it starts with. */
  readonly config: object;
  /** Who comes before it: they start earlier and stop later. */
  readonly needs: readonly string[];
  /** Whether it starts whatever they are. */
  readonly isAlone: boolean;
  /** Whether another life may follow one that fails. */
  readonly isRestartable: boolean;
}

const NOBODY: readonly string[] = [];

/** An agent in a host, over all of its lives, and what is left of it between two of them. */
export class Agent implements ViewedAgent, DrivenAgent, LifeObserver {
  readonly name: string;
  readonly needs: readonly string[];
  readonly definition: ReadDefinition;
  readonly phase: CurrentPhase;
  readonly condition: HealthMonitor;
  readonly wiring: Wiring;
  /** What others have of it. */
  readonly handle: AgentHandle;
  /** Where it was started: all of its lives are lived there, from setup to finish. */
  readonly context: Context | undefined = captureContext();
  config: object;
  isRestartable: boolean;
  private readonly isAlone: boolean;
  private errors: Outlet<AgentError> | undefined;
  private readonly source: ConfigSource;
  private readonly driver: LifeDriver;
  private readonly settlement = new Settlement();

  constructor(
    private readonly host: AgentHost,
    private readonly owner: AgentOwner,
    { definition, source, config, needs, isAlone, isRestartable }: AgentParts,
  ) {
    const { name } = definition;
    const { scheduler, trace, condition } = host;
    this.name = name;
    this.needs = needs;
    this.isAlone = isAlone;
    this.definition = definition;
    this.isRestartable = isRestartable;
    this.source = source;
    this.config = config;
    this.phase = new CurrentPhase(name, trace, this.observerFailed);
    this.condition = new HealthMonitor(name, condition, scheduler, this.observerFailed);
    this.wiring = new Wiring(name, this.observerFailed);
    this.driver = new LifeDriver(this, host, this);
    this.handle = new AgentView(() => this);
  }

  // What its host does with it.

  /**
   * Begins the first life, synchronously, up to its start.
   * If something throws, that is thrown here, and nothing of the agent is left.
   */
  setUp(observer: StartObserver): void {
    this.driver.send('begin');
    if (this.isGone) throw this.endError;
    this.settlement.awaitStart(observer);
  }

  /** Starts an agent that has been set up, as a task of the scheduler. */
  start(): void {
    this.driver.startSoon();
  }

  /** Begins another life, in a task of the scheduler. While it stands by that is for another host to do. */
  restart(): void {
    this.driver.send('begin');
    this.driver.send('go');
  }

  /** No life begins here until it is its turn; the present one ends. @param because why, in words */
  standBy(because = ''): void {
    this.driver.suspend('stand by', because);
  }

  /**
   * It is its turn: a life begins, as soon as the one before is over.
   *
   * @param observer is told of its start, if it has never been ready
   */
  takeTurn(observer: StartObserver): void {
    if (!this.hasLived) this.settlement.awaitStart(observer);
    this.driver.send('turn');
  }

  /** Somebody that it may wait for is another one than before. */
  look(): void {
    this.driver.look();
  }

  /** Ends the life, so that another one can begin. @param because what has failed, in words */
  suspend(because: string): void {
    this.driver.suspend('suspend', because);
  }

  /** Lets its life fail, as by a stream of its own. */
  breakDown(error: unknown): void {
    this.driver.failed({ error, then: 'restart-if-supervised' });
  }

  /** As `stop`, with a callback, which is called at once if there is nothing to wait for. */
  shutDown(done: (report: StopReport) => void): void {
    if (this.settlement.awaitEnd(done)) this.driver.send('stop');
  }

  /** Lets it wait for nothing any more: what goes on is cut off now, and so is all that comes. */
  hurry(): void {
    this.driver.send('hurry');
  }

  /** Lets its end have another reason than the failure that has led to it. */
  giveUp(error: AgentError): void {
    this.driver.lastWord = error;
    this.tell(error);
  }

  /**
   * Its process has ended, as far as a test is concerned: nothing of it is stopped, and nothing goes on. Another agent
   * goes on with what is shown of its streams.
   */
  vanish(): void {
    this.driver.vanish();
  }

  get standing(): Standing {
    return standingAt(this.driver.state.stage);
  }

  /** Why it is gone. */
  get endError(): unknown {
    return this.driver.reason?.error ?? stoppedBeforeReady(this.name);
  }

  get isReady(): boolean {
    return this.phase.current === 'ready';
  }

  /** Whether it has been ready in any life. */
  get hasLived(): boolean {
    return this.driver.state.hasLived;
  }

  /** The store has another config for the agent. One that does not fit is told of, and the present one stays. */
  storeChanged(): void {
    if (this.source.store === undefined || this.isToStop) return;
    try {
      this.apply(this.source.readStored());
    } catch (error) {
      this.tell(error as AgentError);
    }
  }

  // What others see of it.

  get errors$(): Observable<AgentError> {
    if (this.errors === undefined) {
      this.errors = new Outlet(this.observerFailed);
      if (this.settlement.hasEnded) this.errors.complete();
    }
    return this.errors.$;
  }

  configure(input: unknown): void {
    if (this.isToStop) throw takesNoConfig(this.name);
    this.apply(this.source.read(input));
  }

  ledger(): readonly LedgerEntry[] {
    return this.driver.ledger() ?? this.owner.ledger(this);
  }

  get missing(): readonly string[] {
    return this.isAlone ? NOBODY : this.owner.missing(this);
  }

  // What becomes of its lives.

  asks(failure: Failure): boolean {
    return this.owner.failed(this, failure);
  }

  isNowReady(): void {
    this.settlement.started();
    this.owner.changed(this);
  }

  isLost(failure: Failure | undefined): void {
    this.settlement.notStarted(() => (failure === undefined ? stoppedBeforeReady(this.name) : failure.error));
  }

  isDown(left: readonly LedgerEntry[]): void {
    if (left.length > 0) this.tell(leftBehind(this.name, left));
    this.owner.changed(this);
  }

  isNowGone(failure: Failure | undefined, left: readonly LedgerEntry[]): void {
    this.isLost(failure);
    this.condition.stopped(failure && messageOf(failure.error));
    this.wiring.complete();
    this.settlement.ended = { agent: this.name, left };
    this.owner.left(this);
    this.phase.enter(failure === undefined ? 'stopped' : 'failed');
    this.phase.complete();
    this.errors?.complete();
    this.owner.changed(this);
    this.settlement.tellEnd();
  }

  tell(error: AgentError): void {
    this.errors?.next(error);
    this.host.report(error);
  }

  mayRestart(): void {
    this.isRestartable = true;
  }

  /** Somebody outside has thrown, who is free to do so. */
  private readonly observerFailed = (cause: unknown): void => {
    this.tell(observerFailed(this.name, cause));
  };

  /** Whether it is gone, or a stop has been asked for, behind which there is no life. */
  private get isToStop(): boolean {
    return this.isGone || this.settlement.isEndAwaited;
  }

  private get isGone(): boolean {
    return this.driver.state.stage === 'gone';
  }

  private apply(config: object): void {
    const { name, host } = this;
    this.config = config;
    if (host.trace.isWatched) host.trace.write({ type: 'config-changed', agent: name });
    this.driver.configure(config);
  }
}
