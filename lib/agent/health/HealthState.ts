import type { Observable } from 'rxjs';
import type { OnThrow } from '../../trace/IsolatingObservable';
import { StateOutlet } from '../../trace/StateOutlet';
import type { Health } from '../AgentHandle';

/** Is told of each change before its readers are. */
export interface StateWatcher {
  changed(before: Health, now: Health): void;
}

/** The health of something, as it is now and as it changes. */
export class HealthState {
  private outlet: StateOutlet<Health> | undefined;
  private present: Health;
  /** Changes that a reader of another change has caused: they are told behind it. */
  private untold: (readonly [Health, Health])[] | undefined;
  private isTelling = false;

  constructor(
    private readonly clock: { now(): number },
    private readonly onThrow: OnThrow,
    private readonly watcher?: StateWatcher,
  ) {
    this.present = { status: 'starting', reason: undefined, since: clock.now() };
  }

  get current(): Health {
    return this.present;
  }

  get $(): Observable<Health> {
    if (this.outlet === undefined) {
      this.outlet = new StateOutlet(this.onThrow);
      this.outlet.next(this.present);
      if (this.isOver) this.outlet.complete();
    }
    return this.outlet.$;
  }

  stopped(reason?: string): void {
    this.change('stopped', reason);
    if (!this.isTelling) this.outlet?.complete();
  }

  /** It is so since it has had that status, whatever the reason. Once stopped it stays so. */
  change(status: Health['status'], reason: string | undefined): void {
    const before = this.present;
    if (this.isOver || (before.status === status && before.reason === reason)) return;
    const since = before.status === status ? before.since : this.clock.now();
    this.present = { status, reason, since };
    if (this.isTelling) (this.untold ??= []).push([before, this.present]);
    else this.tellAll(before, this.present);
  }

  private get isOver(): boolean {
    return this.present.status === 'stopped';
  }

  private tellAll(before: Health, now: Health): void {
    this.isTelling = true;
    this.tell(before, now);
    for (let next = this.untold?.shift(); next !== undefined; next = this.untold?.shift()) this.tell(...next);
    this.isTelling = false;
    if (this.isOver) this.outlet?.complete();
  }

  private tell(before: Health, now: Health): void {
    this.watcher?.changed(before, now);
    this.outlet?.next(now);
  }
}
