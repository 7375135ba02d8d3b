import type { Agent } from '../../agent/Agent';
import type { LedgerEntry } from '../../trace/Ledger';
import type { LookUp } from '../order/needs';
import { type Comeback, missingFor } from './comeback';
import type { RestartTimer } from './RestartTimer';

/** What has led to a comeback. */
export interface Cause {
  /** How long to wait, in ms, and which restart in a row it is. */
  readonly wait: number;
  readonly restart: number;
  /** What has failed, in words, and when. */
  readonly because: string;
  readonly since: number;
}

/** One comeback under way. */
export class Way implements Comeback<Agent> {
  stage: Comeback['stage'] = 'falling';
  private timer: RestartTimer | undefined;

  constructor(
    readonly agents: readonly Agent[],
    readonly isChain: boolean,
    readonly cause: Cause,
  ) {}

  /** All are down: they wait. */
  await(timer: RestartTimer): void {
    this.stage = 'waiting';
    this.timer = timer;
  }

  /** The wait is over. */
  rise(): void {
    this.stage = 'rising';
    this.timer = undefined;
  }

  /** It goes on no more. */
  cancel(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  /** What one of them that is down waits for. */
  ledger(down: Agent, lookUp: LookUp): LedgerEntry {
    const { agents, timer } = this;
    const of = { agent: down.name, stream: '(restart)' } as const;
    if (timer !== undefined) return { kind: 'timer', ...of, timer: 'restart', due: timer.due };
    const { since } = this.cause;
    if (this.stage === 'rising')
      return { kind: 'wait', ...of, on: 'needs', detail: missingFor(this, down, lookUp).join(', '), since };
    const up = agents.filter(({ standing }) => standing !== 'down' && standing !== 'gone');
    return { kind: 'wait', ...of, on: 'stops', detail: up.map(({ name }) => name).join(', '), since };
  }
}
