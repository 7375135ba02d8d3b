import type { Scheduler } from '../../time/Scheduler';
import type { Task } from '../../time/Timers';
import { NO_SLOT } from '../../time/TimerQueue';
import type { LifeEvent } from './LifeState';

/** Who is woken by an alarm. */
export interface Woken {
  send(event: LifeEvent): void;
}

/** The instants at which something is to happen in the life of an agent; at most one for each event. */
export class Alarms {
  private set: Alarm[] | undefined;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly woken: Woken,
  ) {}

  /** Sends an event at an instant, in a task of its own; one that is set for it already stands. */
  arm(event: LifeEvent, due: number): void {
    if (this.set?.some((alarm) => alarm.event === event) === true) return;
    (this.set ??= []).push(new Alarm(this.scheduler, event, due, this.rings));
  }

  disarm(event: LifeEvent): void {
    const alarm = this.set?.find((other) => other.event === event);
    if (alarm === undefined) return;
    this.remove(alarm);
    alarm.disarm();
  }

  disarmAll(): void {
    for (const alarm of this.set ?? []) alarm.disarm();
    this.set = undefined;
  }

  private readonly rings = (alarm: Alarm): void => {
    this.remove(alarm);
    this.woken.send(alarm.event);
  };

  private remove(alarm: Alarm): void {
    const rest = this.set?.filter((other) => other !== alarm);
    this.set = rest?.length === 0 ? undefined : rest;
  }
}

class Alarm implements Task {
  private slot: number;

  constructor(
    private readonly scheduler: Scheduler,
    readonly event: LifeEvent,
    due: number,
    private readonly onRing: (alarm: Alarm) => void,
  ) {
    this.slot = scheduler.arm(due, this);
  }

  run(): void {
    this.slot = NO_SLOT;
    this.onRing(this);
  }

  fail(error: unknown): void {
    throw error;
  }

  disarm(): void {
    if (this.slot !== NO_SLOT) this.scheduler.disarm(this.slot);
    this.slot = NO_SLOT;
  }
}
