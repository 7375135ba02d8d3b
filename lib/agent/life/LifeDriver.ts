import { type AgentError, messageOf } from '../../AgentError';
import { type Context, runIn } from '../../time/Context';
import type { LedgerEntry, RunCount } from '../../trace/Ledger';
import type { AgentHost } from '../AgentHost';
import { setupFailed, startTimedOut, suspendedTooLong, taskFailed } from '../agentErrors';
import type { ReadDefinition } from '../definition/readDefinition';
import type { HealthKeeper } from '../health/HealthKeeper';
import { Alarms, type Woken } from './Alarms';
import type { Failure } from './Incidents';
import { Life, type LifeOwner } from './Life';
import { type Effect, type LifeEvent, type LifeState, NEW, type Stage } from './LifeState';
import type { PhaseKeeper } from './PhaseKeeper';
import { RunWait } from './RunWait';
import { StartWait, type StartingAgent } from './StartWait';
import { step } from './step';
import type { Wiring } from './Wiring';

/** What an agent has over all of its lives. */
export interface DrivenAgent {
  readonly name: string;
  readonly definition: ReadDefinition;
  readonly phase: PhaseKeeper;
  readonly condition: HealthKeeper;
  readonly wiring: Wiring;
  /** Where it was started: all of its lives are lived there. */
  readonly context: Context | undefined;
  /** Whether another life may follow one that fails. */
  readonly isRestartable: boolean;
  /** The config that a life begins with. */
  readonly config: object;
  /** Those that it needs, and that are yet to be ready before it starts. */
  readonly missing: readonly string[];
  tell(error: AgentError): void;
  mayRestart(): void;
}

/** Is told what becomes of an agent, each time when that is so. */
export interface LifeObserver {
  /** Its life has failed. Says whether another one is to follow. */
  asks(failure: Failure): boolean;
  isNowReady(): void;
  /** It does not get ready for the one who has started it. */
  isLost(failure: Failure | undefined): void;
  isDown(left: readonly LedgerEntry[]): void;
  isNowGone(failure: Failure | undefined, left: readonly LedgerEntry[]): void;
}

const SETTING_UP: ReadonlySet<Stage> = new Set(['setup', 'waiting', 'connecting', 'joining']);

/**
 * Leads an agent through its lives by the table in {@link step}: it takes one event after the other and does what that
 * says. What happens meanwhile, by the agent's own doing or by anybody else's, is taken when that has been done.
 */
export class LifeDriver implements LifeOwner, StartingAgent, Woken {
  state: LifeState = NEW;
  private life: Life | undefined;
  private readonly alarms: Alarms;
  private readonly startWait: StartWait;
  private readonly runWait: RunWait;
  private readonly stopTimeout: number;
  private isBusy = false;
  private mailbox: LifeEvent[] | undefined;
  /** Why the life cannot go on, and why it is suspended. */
  private failure: Failure | undefined;
  private because = '';

  constructor(
    private readonly agent: DrivenAgent,
    private readonly host: AgentHost,
    private readonly observer: LifeObserver,
  ) {
    const { startTimeout = host.startTimeout, stopTimeout = host.stopTimeout } = agent.definition;
    this.alarms = new Alarms(host.scheduler, this);
    this.startWait = new StartWait(this, host, this.alarms, startTimeout);
    this.runWait = new RunWait(this.alarms);
    this.stopTimeout = stopTimeout;
  }

  /** Takes an event: at once, or when what is being done is done. */
  send(event: LifeEvent): void {
    if (this.isBusy) {
      (this.mailbox ??= []).push(event);
      return;
    }
    this.isBusy = true;
    try {
      runIn(this.agent.context, () => {
        for (let next: LifeEvent | undefined = event; next !== undefined; next = this.mailbox?.shift())
          this.take(next);
      });
    } finally {
      this.isBusy = false;
    }
  }

  /** Begins a start, as a task of the scheduler. */
  startSoon(): void {
    this.alarms.arm('go', this.now);
  }

  /** Somebody that it may wait for is another one than before. */
  look(): void {
    this.startWait.look();
  }

  /** @param because what has failed, in words */
  suspend(because: string): void {
    this.because = because;
    this.send('suspend');
  }

  configure(config: object): void {
    this.life?.configure(config);
  }

  /** What has ended the present life for good, if it has failed. */
  get reason(): Failure | undefined {
    return this.state.fate === 'failed' ? this.failure : undefined;
  }

  /** Lets its end have another reason. */
  set lastWord(error: AgentError) {
    this.failure = { error, then: 'stop' };
  }

  /** What is armed and in flight; undefined if there is no life. */
  ledger(): readonly LedgerEntry[] | undefined {
    return this.life && [...this.life.ledger(), ...this.startWait.ledger()];
  }

  // What its life asks and tells.

  get name(): string {
    return this.agent.name;
  }

  get missing(): readonly string[] {
    return this.agent.missing;
  }

  get definition(): ReadDefinition {
    return this.agent.definition;
  }

  get condition(): HealthKeeper {
    return this.agent.condition;
  }

  get wiring(): Wiring {
    return this.agent.wiring;
  }

  get goesOn(): boolean {
    const { stage, fate } = this.state;
    return stage !== 'gone' && (this.agent.isRestartable || fate === 'back');
  }

  get isSettingUp(): boolean {
    return SETTING_UP.has(this.state.stage);
  }

  tell(error: AgentError): void {
    this.agent.tell(error);
  }

  mayRestart(): void {
    this.agent.mayRestart();
  }

  failed(failure: Failure): void {
    const isForGood = failure.then === 'stop';
    if (this.failure === undefined || (isForGood && this.failure.then !== 'stop')) this.failure = failure;
    this.send(isForGood ? 'fails-for-good' : 'fails');
  }

  busFailed(error: AgentError): void {
    this.tell(error);
    this.failed({ error, then: 'restart-if-supervised' });
  }

  runEnded(): void {
    if (this.runWait.isOver) this.send('quiet');
  }

  // What is done.

  private take(event: LifeEvent): void {
    const [state, effects] = step(this.state, event);
    this.state = state;
    for (const effect of effects) {
      const next = this.tryTo(effect);
      if (next === 'returns' || next === 'refused') this.take(next);
      else if (next !== undefined) (this.mailbox ??= []).push(next);
    }
  }

  /** Whatever is somebody else's is guarded where it is called; should anything get through, the life ends by it. */
  private tryTo(effect: Effect): LifeEvent | undefined {
    try {
      return this.perform(effect);
    } catch (cause) {
      const error = taskFailed(this.name, cause);
      this.tell(error);
      this.failed({ error, then: 'restart-if-supervised' });
      return undefined;
    }
  }

  private perform(effect: Effect): LifeEvent | undefined {
    const { agent, life } = this;
    switch (effect) {
      case 'set up':
        return this.setUp();
      case 'go soon':
        this.startSoon();
        return undefined;
      case 'connect':
        return this.startWait.connect();
      case 'join':
        life?.joinBus();
        return 'joined';
      case 'configure':
        agent.phase.enter('configured');
        life?.publishConfig();
        return 'configured';
      case 'start':
        agent.phase.enter('start');
        life?.start();
        return 'started';
      case 'await ready':
        return this.awaitReady();
      case 'be ready':
        this.startWait.end();
        agent.phase.enter('ready');
        agent.condition.ready();
        life?.emit('ready');
        this.observer.isNowReady();
        return undefined;
      case 'tell overdue':
        this.tellOverdue();
        return undefined;
      case 'blame':
        agent.condition.ended(messageOf(this.failure?.error));
        return undefined;
      case 'end soon':
        this.alarms.arm('end', this.now);
        return undefined;
      case 'ask':
        return this.failure !== undefined && this.observer.asks(this.failure) ? 'returns' : 'refused';
      case 'announce':
        this.startWait.end();
        this.observer.isLost(this.reason);
        return undefined;
      default:
        if (life !== undefined) return this.performEnd(effect, life);
        this.performLast(effect);
        return undefined;
    }
  }

  private performEnd(effect: Effect, life: Life): LifeEvent | undefined {
    switch (effect) {
      case 'begin stop':
        this.beginStop();
        return undefined;
      case 'halt':
        life.halt();
        return undefined;
      case 'await drained':
      case 'await finished':
        return this.awaitRuns(life, 'inFlight');
      case 'await stopped':
        return this.awaitRuns(life, 'unfinished');
      case 'await cleared':
        return this.runWait.begin(life, 'unfinished', undefined);
      case 'cut in flight':
        life.cut('inFlight');
        return undefined;
      case 'cut all':
        life.cut('unfinished');
        return undefined;
      case 'emit stop':
        life.emit('stop');
        return undefined;
      case 'let pass':
        this.runWait.pause();
        if (!life.isOnBus) return 'turned';
        this.alarms.arm('turned', this.now);
        return undefined;
      case 'leave bus':
        life.leaveBus();
        return undefined;
      case 'emit finish':
        this.agent.phase.enter('finish');
        life.emit('finish');
        return undefined;
      case 'close':
        this.close(life);
        return undefined;
      default:
        this.performLast(effect);
        return undefined;
    }
  }

  private performLast(effect: Effect): void {
    const left = this.life?.left ?? [];
    if (effect === 'be down') {
      this.life = undefined;
      this.agent.phase.enter('restarting');
      this.observer.isDown(left);
    } else if (effect === 'be gone') {
      this.alarms.disarmAll();
      this.observer.isNowGone(this.reason, left);
    }
  }

  private setUp(): LifeEvent | undefined {
    const { agent, state } = this;
    if (state.hasLived) this.startWait.end();
    this.failure = undefined;
    agent.phase.enter('setup');
    try {
      this.life = new Life(this, this.host, agent.config);
      this.life.setUp();
      return 'set-up';
    } catch (error) {
      // Of a first life that is what its start rejects with.
      if (state.hasLived) this.tell(setupFailed(agent.name, error));
      this.failed({ error, then: 'restart-if-supervised' });
      return undefined;
    }
  }

  private awaitReady(): LifeEvent | undefined {
    const hasCome = this.life?.awaitReadiness(() => {
      this.send('came');
    });
    if (hasCome === true) return 'came';
    this.startWait.awaitReady();
    return undefined;
  }

  private tellOverdue(): void {
    const { name, startWait, state } = this;
    const { timeout } = startWait;
    const { waited } = startWait;
    const error =
      waited === undefined || state.fate === 'back'
        ? suspendedTooLong(name, timeout, this.because)
        : startTimedOut(name, timeout, waited);
    this.failure = { error, then: 'restart-if-supervised' };
    this.tell(error);
  }

  private beginStop(): void {
    const { agent, alarms, state, startWait } = this;
    for (const event of ['go', 'end'] as const) alarms.disarm(event);
    startWait.suspend();
    agent.phase.enter('stopping');
    if (state.fate === 'back') agent.condition.suspended(this.because);
  }

  private awaitRuns(life: Life, runs: RunCount): LifeEvent | undefined {
    return this.runWait.begin(life, runs, this.state.isHurried ? -Infinity : this.now + this.stopTimeout);
  }

  /** The end is said of the health before its handlers go, lest it seems to recover by that. */
  private close(life: Life): void {
    const { agent, state, reason } = this;
    this.runWait.end();
    this.alarms.disarm('turned');
    if (state.fate !== 'back') agent.condition.stopped(reason && messageOf(reason.error));
    else agent.condition.suspended(this.because);
    life.close();
    if (state.fate === 'back') agent.condition.lifeIsOver();
  }

  private get now(): number {
    return this.host.scheduler.now();
  }
}
