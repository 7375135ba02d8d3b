import type { Subscription } from 'rxjs';
import type { LedgerEntry } from '../trace/Ledger';
import type { AgentScope } from './AgentScope';

type Count = keyof ReturnType<AgentScope['countRuns']>;

/** Waits for an agent's runs to come to their end, up to a deadline; without a promise, so that an idle agent stops at once. */
export class Shutdown {
  /** What had not ended by a deadline. */
  readonly left: LedgerEntry[] = [];
  private waiting:
    { readonly count: Count; readonly then: () => void; readonly deadline: Subscription } | undefined;

  constructor(
    private readonly scope: AgentScope,
    private readonly later: (work: () => void, delay: number) => Subscription,
    private readonly timeout: number,
  ) {}

  /** Calls `then` when none of the runs is left that count; at the deadline those that are left are aborted first. */
  await(count: Count, then: () => void): void {
    if (this.scope.countRuns()[count] === 0) {
      then();
      return;
    }
    this.waiting = {
      count,
      then,
      deadline: this.later(() => {
        this.cutOff();
      }, this.timeout),
    };
  }

  look(): void {
    const { waiting } = this;
    if (waiting === undefined || this.scope.countRuns()[waiting.count] > 0) return;
    this.waiting = undefined;
    waiting.deadline.unsubscribe();
    waiting.then();
  }

  /** The handlers that hear of it may still clean up, at this same instant. */
  private cutOff(): void {
    const { waiting } = this;
    this.waiting = undefined;
    for (const entry of this.scope.ledger.entries()) if (entry.kind === 'run') this.left.push(entry);
    this.scope.abortRuns();
    if (waiting !== undefined) this.later(waiting.then, 0);
  }
}
