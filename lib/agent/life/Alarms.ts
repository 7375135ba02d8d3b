import type { Scheduler } from '../../time/queue/Scheduler';
import { NO_SLOT } from '../../time/queue/TimerQueue';
import type { Task } from '../../time/queue/Timers';
import type { LifeEvent } from './LifeState';

/** Who is woken by an alarm. */
export interface Woken {
  readonly name: string;
  send(event: LifeEvent): void;
}

/** The instants at which something is to happen in the life of an agent; at most one for each event. */
export class Alarms {
  /** Mostly there is none, or one. */
  private first: Alarm | undefined;

  constructor(
    private readonly scheduler: Scheduler,
    readonly woken: Woken,
  ) {}

  /** Sends an event after so many ms, in a task of its own; 0 is this instant. One that is set for it already stands. */
  armIn(event: LifeEvent, delay: number): void {
    this.armAt(event, this.scheduler.now() + delay);
  }

  armAt(event: LifeEvent, due: number): void {
    if (due === Infinity || this.find(event) !== undefined) return;
    const alarm = new Alarm(this, this.scheduler, event, due);
    alarm.next = this.first;
    this.first = alarm;
  }

  disarm(event: LifeEvent): void {
    const alarm = this.find(event);
    if (alarm === undefined) return;
    this.remove(alarm);
    alarm.disarm();
  }

  disarmAll(): void {
    for (let alarm = this.first; alarm !== undefined; alarm = alarm.next) alarm.disarm();
    this.first = undefined;
  }

  rings(alarm: Alarm): void {
    this.remove(alarm);
    this.woken.send(alarm.event);
  }

  private find(event: LifeEvent): Alarm | undefined {
    let alarm = this.first;
    while (alarm !== undefined && alarm.event !== event) alarm = alarm.next;
    return alarm;
  }

  private remove(alarm: Alarm): void {
    let before = this.first;
    if (before === alarm) {
      this.first = alarm.next;
      return;
    }
    while (before !== undefined && before.next !== alarm) before = before.next;
    if (before !== undefined) before.next = alarm.next;
  }
}

/** Whose alarm it is. */
interface Bell {
  readonly woken: Woken;
  rings(alarm: Alarm): void;
}

/** One of them. */
export class Alarm implements Task {
  next: Alarm | undefined;
  private slot: number;

  constructor(
    private readonly bell: Bell,
    private readonly scheduler: Scheduler,
    readonly event: LifeEvent,
    due: number,
  ) {
    this.slot = scheduler.arm(due, this);
  }

  get title(): string {
    return `${this.bell.woken.name}: ${this.event}`;
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
