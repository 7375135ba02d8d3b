import type { Observable } from 'rxjs';
import type { OnThrow } from '../trace/IsolatingObservable';
import { StateOutlet } from '../trace/StateOutlet';
import type { Health } from './AgentHandle';

/** Keeps an agent's health: it is bad while a handler is failing, until a run of that same handler succeeds. */
export class HealthKeeper {
  private readonly outlet: StateOutlet<Health>;
  /** Who is failing, and why; the latest last. */
  private failing: Map<object, string> | undefined;
  private whenWell: Health['status'] = 'starting';
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
    this.whenWell = 'good';
    this.judge();
  }

  failed(who: object, reason: string): void {
    this.failing ??= new Map();
    this.failing.delete(who);
    this.failing.set(who, reason);
    this.judge();
  }

  recovered(who: object): void {
    if (this.failing?.delete(who) === true) this.judge();
  }

  stopped(reason: string | undefined): void {
    this.change('stopped', reason);
    this.outlet.complete();
  }

  private judge(): void {
    if (this.present.status === 'stopped') return;
    const reason = [...(this.failing?.values() ?? [])].at(-1);
    this.change(reason === undefined ? this.whenWell : 'bad', reason);
  }

  private change(status: Health['status'], reason: string | undefined): void {
    if (this.present.status === status && this.present.reason === reason) return;
    const since = this.present.status === status ? this.present.since : this.now();
    this.present = { status, reason, since };
    this.outlet.next(this.present);
  }
}
