import type { AgentError } from '../../AgentError';
import type { LedgerEntry } from '../../trace/Ledger';
import type { HostStore } from '../../store/HostStore';
import type { AgentHost } from '../AgentHost';
import type { ReadDefinition } from '../definition/readDefinition';
import type { HealthMonitor } from '../health/HealthMonitor';
import { Alarms } from './Alarms';
import type { Failure } from './Incidents';
import { LifeEffects, type LifeLeader, type LifeObserver, type ShownAgent } from './LifeEffects';
import { LifeMachine } from './LifeMachine';
import { comesBack, type LifeEvent, type LifeState, type Stage } from './LifeState';
import type { Wiring } from './Wiring';

/** What an agent has over all of its lives. */
export interface DrivenAgent extends ShownAgent {
  readonly name: string;
  readonly definition: ReadDefinition;
  readonly wiring: Wiring;
  /** Whether another life may follow one that fails. */
  readonly isRestartable: boolean;
  /** Those that it needs, and that are yet to be ready before it starts. */
  readonly missing: readonly string[];
  mayRestart(): void;
}

const SETTING_UP: ReadonlySet<Stage> = new Set(['setup', 'waiting', 'connecting', 'joining']);

/** Leads an agent through its lives: takes what is asked of it and what happens in them as events. */
export class LifeDriver implements LifeLeader {
  private readonly machine: LifeMachine;
  private readonly effects: LifeEffects;
  private readonly alarms: Alarms;
  private hasVanished = false;

  constructor(
    private readonly agent: DrivenAgent,
    host: AgentHost,
    observer: LifeObserver,
  ) {
    this.alarms = new Alarms(host.scheduler, this);
    this.effects = new LifeEffects(this, agent, host, this.alarms, observer);
    this.machine = new LifeMachine(this.effects);
  }

  get state(): LifeState {
    return this.machine.state;
  }

  /** Takes an event: at once, or when what is being done is done. */
  send(event: LifeEvent): void {
    this.machine.send(event);
  }

  vanish(): void {
    this.hasVanished = true;
    this.effects.vanish();
  }

  /** Begins a start, as a task of the scheduler. */
  startSoon(): void {
    this.alarms.armIn('go', 0);
  }

  /** Somebody that it may wait for is another one than before. */
  look(): void {
    this.effects.look();
  }

  /** Ends the present life, and has another one follow. @param because why, in words */
  suspend(event: 'suspend' | 'stand by', because: string): void {
    this.effects.because = because;
    this.send(event);
  }

  configure(config: object): void {
    this.effects.life?.configure(config);
  }

  /** What has ended the present life for good, if it has failed. */
  get reason(): Failure | undefined {
    return this.effects.reason;
  }

  /** Lets its end have another reason. */
  set lastWord(error: AgentError) {
    this.effects.failure = { error, then: 'stop' };
  }

  /** What is armed and in flight; undefined if there is no life. */
  ledger(): readonly LedgerEntry[] | undefined {
    return this.effects.ledger();
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

  get condition(): HealthMonitor {
    return this.agent.condition;
  }

  get wiring(): Wiring {
    return this.agent.wiring;
  }

  get goesOn(): boolean {
    const { stage, fate } = this.state;
    // Another host's agent goes on with it.
    if (this.hasVanished) return true;
    return stage !== 'gone' && (this.agent.isRestartable || comesBack(fate));
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
    const { effects } = this;
    const isForGood = failure.then === 'stop';
    if (effects.failure === undefined || (isForGood && effects.failure.then !== 'stop'))
      effects.failure = failure;
    this.send(isForGood ? 'fails-for-good' : 'fails');
  }

  get store(): HostStore | undefined {
    return this.effects.life?.store;
  }

  portFailed(error: AgentError): void {
    this.tell(error);
    this.failed({ error, then: 'restart-if-supervised' });
  }

  runEnded(): void {
    if (this.effects.runEnded()) this.send('quiet');
  }
}
