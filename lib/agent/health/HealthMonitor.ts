import type { Observable } from 'rxjs';
import type { OnThrow } from '../../trace/IsolatingObservable';
import type { Health } from '../AgentHandle';
import { HealthState, type StateWatcher } from './HealthState';

/** Is told of each change of an agent's health. */
export interface HealthWatcher {
  healthChanged(agent: string, before: Health['status'] | undefined, now: Health): void;
}

/** Who can fail in an agent: a handler of its present life; one that is gone is known by its name. */
export type Failing = object | string;

/** Stands for the agent itself. */
const ITSELF: Failing = '';

/** Keeps an agent's health: it is bad while a handler is failing, until a run of that same handler succeeds. */
export class HealthMonitor implements StateWatcher {
  private readonly state: HealthState;
  /** Who is failing, and why; the latest last. */
  private failing: Map<Failing, string> | undefined;
  private whenWell: Health['status'] = 'starting';

  constructor(
    private readonly agent: string,
    private readonly watcher: HealthWatcher,
    clock: { now(): number },
    onThrow: OnThrow,
  ) {
    this.state = new HealthState(clock, onThrow, this);
    watcher.healthChanged(agent, undefined, this.current);
  }

  get current(): Health {
    return this.state.current;
  }

  get $(): Observable<Health> {
    return this.state.$;
  }

  changed(before: Health, now: Health): void {
    this.watcher.healthChanged(this.agent, before.status, now);
  }

  isFailing(who: Failing): boolean {
    return this.failing?.has(who) === true;
  }

  failed(who: Failing, reason: string): void {
    this.failing ??= new Map();
    this.failing.delete(who);
    this.failing.set(who, reason);
    this.judge();
  }

  recovered(who: Failing): void {
    if (this.failing?.delete(who) === true) this.judge();
  }

  /** Somebody who is failing is gone, and is known by a name from now on. */
  rename(who: Failing, name: string): void {
    const reason = this.failing?.get(who);
    if (reason === undefined) return;
    this.failing?.delete(who);
    this.failing?.set(name, reason);
  }

  /** The life cannot go on. */
  ended(reason: string): void {
    this.failed(ITSELF, reason);
  }

  /** The life does not go on, since another agent has failed. */
  suspended(reason: string): void {
    if (!this.isFailing(ITSELF)) this.ended(reason);
  }

  /** The life is over: whoever failed in it does so no more. That of the agent itself stands until it is ready again. */
  lifeIsOver(): void {
    const own = this.failing?.get(ITSELF);
    this.failing = own === undefined ? undefined : new Map([[ITSELF, own]]);
    this.judge();
  }

  ready(): void {
    this.whenWell = 'good';
    this.failing?.delete(ITSELF);
    this.judge();
  }

  stopped(reason: string | undefined): void {
    this.state.stopped(reason);
  }

  private judge(): void {
    const { failing } = this;
    const reason = failing === undefined || failing.size === 0 ? undefined : [...failing.values()].at(-1);
    this.state.change(reason === undefined ? this.whenWell : 'bad', reason);
  }
}
