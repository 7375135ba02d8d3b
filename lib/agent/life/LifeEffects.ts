import { type AgentError, messageOf } from '../../AgentError';
import type { Context } from '../../time/present/Context';
import type { LedgerEntry } from '../../trace/Ledger';
import type { AgentHost } from '../AgentHost';
import { setupFailed, startTimedOut, suspendedTooLong, taskFailed } from '../agentErrors';
import type { HealthMonitor } from '../health/HealthMonitor';
import type { Alarms } from './Alarms';
import type { Failure } from './Incidents';
import { Life, type LifeOwner } from './Life';
import { LifeEnding } from './LifeEnding';
import type { Performer } from './LifeMachine';
import { comesBack, type Effect, type LifeEvent, type LifeState } from './LifeState';
import type { CurrentPhase } from './CurrentPhase';
import { StartWait, type StartingAgent } from './StartWait';

/** The agent whose lives are made, as far as they are seen from outside. */
export interface ShownAgent {
  readonly phase: CurrentPhase;
  readonly condition: HealthMonitor;
  /** Where it was started: all of its lives are lived there. */
  readonly context: Context | undefined;
  /** The config that a life begins with. */
  readonly config: object;
  tell(error: AgentError): void;
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

/** Who takes the events of a life, and is told what happens in it. */
export interface LifeLeader extends LifeOwner, StartingAgent {
  readonly state: LifeState;
}

/** Does what the table says, with one {@link Life} after the other. */
export class LifeEffects implements Performer {
  life: Life | undefined;
  /** Why the life cannot go on, and why it is suspended. */
  failure: Failure | undefined;
  because = '';
  /** While it starts, and while it ends. */
  private starting: StartWait | undefined;
  private ending: LifeEnding | undefined;

  constructor(
    private readonly leader: LifeLeader,
    private readonly agent: ShownAgent,
    private readonly host: AgentHost,
    private readonly alarms: Alarms,
    private readonly observer: LifeObserver,
  ) {}

  get context(): Context | undefined {
    return this.agent.context;
  }

  /** What has ended the present life for good, if it has failed. */
  get reason(): Failure | undefined {
    return this.leader.state.fate === 'failed' ? this.failure : undefined;
  }

  /** Somebody that it may wait for is another one than before. */
  look(): void {
    this.starting?.look();
  }

  /** The handler of a run has come to its end. Says whether all have that are waited for. */
  runEnded(): boolean {
    return this.ending?.runEnded() === true;
  }

  /** What is armed and in flight; undefined if there is no life. */
  ledger(): readonly LedgerEntry[] | undefined {
    return this.life && [...this.life.ledger(), ...(this.starting?.ledger() ?? [])];
  }

  /** Whatever is somebody else's is guarded where it is called; should anything get through, the life ends by it. */
  perform(effect: Effect): LifeEvent | undefined {
    try {
      return this.performStart(effect);
    } catch (cause) {
      const error = taskFailed(this.leader.name, cause);
      this.agent.tell(error);
      this.leader.failed({ error, then: 'restart-if-supervised' });
      return undefined;
    }
  }

  /** The process has ended. */
  vanish(): void {
    this.starting?.suspend();
    this.alarms.disarmAll();
    this.life?.vanish();
  }

  private performStart(effect: Effect): LifeEvent | undefined {
    const { agent, life } = this;
    switch (effect) {
      case 'set up':
        return this.setUp();
      case 'go soon':
        this.alarms.armIn('go', 0);
        return undefined;
      case 'take turn':
        this.alarms.armIn('go', 0);
        return 'begin';
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
        life?.tellUnclaimed();
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
      case 'be standby':
      case 'be gone':
        this.performLast(effect);
        return undefined;
      case 'emit finish':
        this.agent.phase.enter('finish');
        break;
      default:
    }
    this.ending ??= new LifeEnding(life, this.alarms, this.stopTimeout);
    return this.ending.perform(effect, this.leader.state.isHurried);
  }

  private performLast(effect: Effect): void {
    const left = this.life?.left ?? [];
    if (effect === 'be down') {
      this.life = undefined;
      this.agent.phase.enter('restarting');
      this.observer.isDown(left);
    } else if (effect === 'be standby') {
      this.life = undefined;
      this.agent.phase.enter('standby');
      this.agent.condition.ready();
      this.observer.isDown(left);
    } else if (effect === 'be gone') {
      this.alarms.disarmAll();
      this.observer.isNowGone(this.reason, left);
    }
  }

  private setUp(): LifeEvent | undefined {
    const { agent, leader } = this;
    const { hasLived } = leader.state;
    if (hasLived) this.endStart();
    this.failure = undefined;
    agent.phase.enter('setup');
    try {
      this.life = new Life(leader, this.host, agent.config);
      this.life.setUp();
      return 'set-up';
    } catch (error) {
      // Of a first life that is what its start rejects with.
      if (hasLived) agent.tell(setupFailed(leader.name, error));
      leader.failed({ error, then: 'restart-if-supervised' });
      return undefined;
    }
  }

  private awaitReady(): LifeEvent | undefined {
    const hasCome = this.life?.awaitReadiness(() => {
      this.leader.send('came');
    });
    if (hasCome === true) return 'came';
    this.startWait.awaitReady();
    return undefined;
  }

  private tellOverdue(): void {
    const { name } = this.leader;
    const { timeout, waited } = this.startWait;
    const error =
      waited === undefined
        ? suspendedTooLong(name, timeout, this.because)
        : startTimedOut(name, timeout, waited);
    this.failure = { error, then: 'restart-if-supervised' };
    this.agent.tell(error);
  }

  private beginStop(): void {
    const { agent, alarms, leader, starting } = this;
    for (const event of ['go', 'end'] as const) alarms.disarm(event);
    starting?.suspend();
    agent.phase.enter('stopping');
    if (comesBack(leader.state.fate)) agent.condition.suspended(this.because);
  }

  /** The end is said of the health before its handlers go, lest it seems to recover by that. */
  private close(life: Life): void {
    const { agent, reason } = this;
    const isBack = comesBack(this.leader.state.fate);
    this.ending?.end();
    this.ending = undefined;
    if (isBack) agent.condition.suspended(this.because);
    else agent.condition.stopped(reason && messageOf(reason.error));
    life.close();
    if (isBack) agent.condition.lifeIsOver();
  }

  private get startWait(): StartWait {
    const { startTimeout = this.host.startTimeout } = this.leader.definition;
    return (this.starting ??= new StartWait(this.leader, this.host, this.alarms, startTimeout));
  }

  private endStart(): void {
    this.starting?.end();
    this.starting = undefined;
  }

  private get stopTimeout(): number {
    return this.leader.definition.stopTimeout ?? this.host.stopTimeout;
  }
}
