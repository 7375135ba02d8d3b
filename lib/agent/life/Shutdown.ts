import type { Subscription } from 'rxjs';
import type { RunEntry } from '../../trace/Ledger';
import type { AgentScope } from './AgentScope';

/** Which runs are waited for: those that go on, or the aborted ones, too, until their handlers have come to an end. */
type Awaited = Parameters<AgentScope['countRuns']>[0];

interface Waiting {
  readonly runs: Awaited;
  readonly then: () => void;
  readonly deadline: Subscription;
}

/** Waits for an agent's runs to come to their end, up to a deadline; without a promise, so that an idle agent stops at once. */
export class Shutdown {
  /** What had not ended by a deadline, by the number of the run. */
  private cut: Map<number, RunEntry> | undefined;
  private waiting: Waiting | undefined;
  private isHurried = false;

  constructor(
    private readonly scope: AgentScope,
    private readonly later: (work: () => void, delay: number) => Subscription,
    private readonly timeout: number,
  ) {}

  get left(): RunEntry[] {
    return [...(this.cut?.values() ?? [])];
  }

  /** Calls `then` when none of these runs is left; at the deadline those that are left are aborted first. */
  await(runs: Awaited, then: () => void): void {
    if (this.scope.countRuns(runs) === 0) {
      then();
      return;
    }
    if (this.isHurried) {
      this.cutOff(runs, then);
      return;
    }
    const deadline = this.later(() => {
      this.cutOff(runs, then);
    }, this.timeout);
    this.waiting = { runs, then, deadline };
  }

  look(): void {
    const { waiting } = this;
    if (waiting === undefined || this.scope.countRuns(waiting.runs) > 0) return;
    this.waiting = undefined;
    waiting.deadline.unsubscribe();
    waiting.then();
  }

  /** The deadline of all that is waited for is now. */
  hurry(): void {
    const { waiting } = this;
    this.isHurried = true;
    if (waiting === undefined) return;
    waiting.deadline.unsubscribe();
    this.cutOff(waiting.runs, waiting.then);
  }

  /** Leaves the bus, if the agent has been on it, when what is published at this instant has been handled. */
  leaveBus(then: () => void): void {
    const leave = (): void => {
      this.scope.leaveBus();
      then();
    };
    if (!this.scope.isOnBus) leave();
    else
      this.later(() => {
        this.await('unfinished', leave);
      }, 0);
  }

  private cutOff(runs: Awaited, then: () => void): void {
    this.waiting = undefined;
    this.cut ??= new Map();
    for (const entry of this.scope.ledger.entries()) {
      if (entry.kind === 'run' && (runs === 'unfinished' || !entry.isAborted)) this.cut.set(entry.run, entry);
    }
    this.scope.abortRuns();
    then();
  }
}
