import type { OnThrow } from '../../trace/IsolatingObservable';
import type { Health } from '../AgentHandle';
import { HealthState } from './HealthState';

/** Is told of each change of an agent's health. */
export interface HealthWatcher {
  healthChanged(agent: string, before: Health['status'] | undefined, now: Health): void;
}

/** Keeps an agent's health: it is bad while a handler is failing, until a run of that same handler succeeds. */
export class HealthKeeper extends HealthState {
  /** Who is failing, and why; the latest last. */
  private failing: Map<object, string> | undefined;
  private whenWell: Health['status'] = 'starting';

  constructor(
    private readonly agent: string,
    private readonly watcher: HealthWatcher,
    clock: { now(): number },
    onThrow: OnThrow,
  ) {
    super(clock, onThrow);
    watcher.healthChanged(agent, undefined, this.current);
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

  protected override changed(before: Health['status']): void {
    this.watcher.healthChanged(this.agent, before, this.current);
  }

  private judge(): void {
    const reason = [...(this.failing?.values() ?? [])].at(-1);
    this.change(reason === undefined ? this.whenWell : 'bad', reason);
  }
}
