import { type AgentError, messageOf } from '../../AgentError';
import type { Context } from '../../time/present/Context';
import type { LedgerEntry } from '../../trace/Ledger';
import type { AgentHost } from '../AgentHost';
import { setupFailed, startTimedOut, suspendedTooLong, taskFailed } from '../agentErrors';
import type { ReadDefinition } from '../definition/readDefinition';
import type { HealthKeeper } from '../health/HealthKeeper';
import { Alarms } from './Alarms';
import type { Failure } from './Incidents';
import { Life, type LifeOwner } from './Life';
import { LifeEnding } from './LifeEnding';
import { LifeMachine, type Performer } from './LifeMachine';
import type { Effect, LifeEvent, LifeState, Stage } from './LifeState';
import type { PhaseKeeper } from './PhaseKeeper';
import { StartWait, type StartingAgent } from './StartWait';
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

/** Leads an agent through its lives: it does what the table says, and says what has come of it. */
export class LifeDriver implements LifeOwner, StartingAgent, Performer {
  private readonly machine = new LifeMachine(this);
  private readonly alarms: Alarms;
  private life: Life | undefined;
  /** While it starts, and while it ends. */
  private starting: StartWait | undefined;
  private ending: LifeEnding | undefined;
  /** Why the life cannot go on, and why it is suspended. */
  private failure: Failure | undefined;
  private because = '';

  constructor(
    private readonly agent: DrivenAgent,
    private readonly host: AgentHost,
    private readonly observer: LifeObserver,
  ) {
    this.alarms = new Alarms(host.scheduler, this);
  }

  get state(): LifeState {
    return this.machine.state;
  }

  /** Takes an event: at once, or when what is being done is done. */
  send(event: LifeEvent): void {
    this.machine.send(event);
  }

  /** Begins a start, as a task of the scheduler. */
  startSoon(): void {
    this.alarms.armIn('go', 0);
  }

  /** Somebody that it may wait for is another one than before. */
  look(): void {
    this.starting?.look();
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
    return this.life && [...this.life.ledger(), ...(this.starting?.ledger() ?? [])];
  }

  // What its life asks and tells.

  get name(): string {
    return this.agent.name;
  }

  get context(): Context | undefined {
    return this.agent.context;
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
    if (this.ending?.runEnded() === true) this.send('quiet');
  }

  // What is done.

  /** Whatever is somebody else's is guarded where it is called; should anything get through, the life ends by it. */
  perform(effect: Effect): LifeEvent | undefined {
    try {
      return this.performStart(effect);
    } catch (cause) {
      const error = taskFailed(this.name, cause);
      this.tell(error);
      this.failed({ error, then: 'restart-if-supervised' });
      return undefined;
    }
  }

  private performStart(effect: Effect): LifeEvent | undefined {
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
        this.endStart();
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
        this.alarms.armIn('end', 0);
        return undefined;
      case 'ask':
        return this.failure !== undefined && this.observer.asks(this.failure) ? 'returns' : 'refused';
      case 'announce':
        this.endStart();
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
      case 'close':
        this.close(life);
        return undefined;
      case 'be down':
      case 'be gone':
        this.performLast(effect);
        return undefined;
      case 'emit finish':
        this.agent.phase.enter('finish');
        break;
      default:
    }
    this.ending ??= new LifeEnding(life, this.alarms, this.stopTimeout);
    return this.ending.perform(effect, this.state.isHurried);
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
    if (state.hasLived) this.endStart();
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
    const { timeout, waited } = startWait;
    const error =
      waited === undefined || state.fate === 'back'
        ? suspendedTooLong(name, timeout, this.because)
        : startTimedOut(name, timeout, waited);
    this.failure = { error, then: 'restart-if-supervised' };
    this.tell(error);
  }

  private beginStop(): void {
    const { agent, alarms, state, starting } = this;
    for (const event of ['go', 'end'] as const) alarms.disarm(event);
    starting?.suspend();
    agent.phase.enter('stopping');
    if (state.fate === 'back') agent.condition.suspended(this.because);
  }

  /** The end is said of the health before its handlers go, lest it seems to recover by that. */
  private close(life: Life): void {
    const { agent, state, reason } = this;
    this.ending?.end();
    this.ending = undefined;
    if (state.fate === 'back') agent.condition.suspended(this.because);
    else agent.condition.stopped(reason && messageOf(reason.error));
    life.close();
    if (state.fate === 'back') agent.condition.lifeIsOver();
  }

  private get startWait(): StartWait {
    const { startTimeout = this.host.startTimeout } = this.definition;
    return (this.starting ??= new StartWait(this, this.host, this.alarms, startTimeout));
  }

  private endStart(): void {
    this.starting?.end();
    this.starting = undefined;
  }

  private get stopTimeout(): number {
    return this.definition.stopTimeout ?? this.host.stopTimeout;
  }
}
