import type { Observable } from 'rxjs';
import type { OnThrow } from '../../trace/IsolatingObservable';
import { StateOutlet } from '../../trace/StateOutlet';
import type { Health } from '../AgentHandle';

/** The health of something, as it is now and as it changes. */
export abstract class HealthState {
  private readonly outlet: StateOutlet<Health>;
  private present: Health;

  constructor(
    private readonly clock: { now(): number },
    onThrow: OnThrow,
  ) {
    this.present = { status: 'starting', reason: undefined, since: clock.now() };
    this.outlet = new StateOutlet(onThrow);
    this.outlet.next(this.present);
  }

  get current(): Health {
    return this.present;
  }

  get $(): Observable<Health> {
    return this.outlet.$;
  }

  stopped(reason?: string): void {
    this.change('stopped', reason);
    this.outlet.complete();
  }

  /** It is so since it has had that status, whatever the reason. Once stopped it stays so. */
  protected change(status: Health['status'], reason: string | undefined): void {
    const before = this.present;
    if (before.status === 'stopped' || (before.status === status && before.reason === reason)) return;
    const since = before.status === status ? before.since : this.clock.now();
    this.present = { status, reason, since };
    this.outlet.next(this.present);
    this.changed(before.status);
  }

  protected abstract changed(before: Health['status']): void;
}
