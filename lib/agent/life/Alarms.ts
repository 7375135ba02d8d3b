import type { Scheduler } from '../../time/Scheduler';
import { NO_SLOT } from '../../time/TimerQueue';
import type { Task } from '../../time/Timers';
import type { LifeEvent } from './LifeState';

/** Who is woken by an alarm. */
export interface Woken {
  send(event: LifeEvent): void;
}

/** The instants at which something is to happen in the life of an agent; at most one for each event. */
export class Alarms {
  private set: readonly Alarm[] | undefined;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly woken: Woken,
  ) {}

  /** Sends an event after so many ms, in a task of its own; 0 is this instant. One that is set for it already stands. */
  armIn(event: LifeEvent, delay: number): void {
    this.armAt(event, this.scheduler.now() + delay);
  }

  armAt(event: LifeEvent, due: number): void {
    if (due === Infinity || this.set?.some((alarm) => alarm.event === event) === true) return;
    this.set = [...(this.set ?? []), new Alarm(this, this.scheduler, event, due)];
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

  rings(alarm: Alarm): void {
    this.remove(alarm);
    this.woken.send(alarm.event);
  }

  private remove(alarm: Alarm): void {
    const rest = this.set?.filter((other) => other !== alarm);
    this.set = rest?.length === 0 ? undefined : rest;
  }
}

/** Whose alarm it is. */
interface Bell {
  rings(alarm: Alarm): void;
}

class Alarm implements Task {
  private slot: number;

  constructor(
    private readonly bell: Bell,
    private readonly scheduler: Scheduler,
    readonly event: LifeEvent,
    due: number,
  ) {
    this.slot = scheduler.arm(due, this);
  }

  run(): void {
    this.slot = NO_SLOT;
    this.bell.rings(this);
  }

  fail(error: unknown): void {
    throw error;
  }

  disarm(): void {
    if (this.slot !== NO_SLOT) this.scheduler.disarm(this.slot);
    this.slot = NO_SLOT;
  }
}
