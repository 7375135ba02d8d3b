import type { Observable } from 'rxjs';
import type { OnThrow } from '../trace/IsolatingObservable';
import type { RunnerPart } from '../trace/Ledger';
import { StateOutlet } from '../trace/StateOutlet';
import type { Health } from './AgentHandle';

/** Keeps an agent's health: it is bad while a handler is failing, until a run of that same handler succeeds. */
export class HealthKeeper {
  private readonly outlet: StateOutlet<Health>;
  private readonly failing = new Map<RunnerPart, string>();
  private present: Health;

  constructor(
    private readonly now: () => number,
    onThrow: OnThrow,
  ) {
    this.present = { status: 'starting', reason: undefined, since: now() };
    this.outlet = new StateOutlet(onThrow);
    this.outlet.next(this.present);
  }

  get current(): Health {
    return this.present;
  }

  get $(): Observable<Health> {
    return this.outlet.$;
  }

  started(): void {
    this.judge();
  }

  failed(part: RunnerPart, reason: string): void {
    this.failing.set(part, reason);
    this.judge();
  }

  recovered(part: RunnerPart): void {
    if (this.failing.delete(part)) this.judge();
  }

  stopped(reason: string | undefined): void {
    this.change('stopped', reason);
    this.outlet.complete();
  }

  private judge(): void {
    if (this.present.status === 'stopped') return;
    const reason = [...this.failing.values()].at(-1);
    this.change(reason === undefined ? 'good' : 'bad', reason);
  }

  private change(status: Health['status'], reason: string | undefined): void {
    if (this.present.status === status && this.present.reason === reason) return;
    const since = this.present.status === status ? this.present.since : this.now();
    this.present = { status, reason, since };
    this.outlet.next(this.present);
  }
}
