import type { SchedulerAction, Subscription } from 'rxjs';
import { Alarm } from '../clock/Alarm';
import { checkOptions } from '../../options/checkOptions';
import { aClock, type Clock } from '../clock/Clock';
import { blame, throwLater } from './blame';
import { toMs } from '../spans/duration';
import type { Moment } from '../clock/Moment';
import { microtask } from '../clock/microtask';
import { Present } from '../present/Present';
import { FINITE, type Rank } from './rank';
import { ScheduledAction } from './ScheduledAction';
import { SCHEDULER, type SchedulerOptions } from './schedulerOptions';
import { TimerQueue } from './TimerQueue';
import type { Task, TimerPart, Timers, TimerWatcher } from './Timers';
import { TurnClock } from '../clock/TurnClock';
import { WallWatch } from '../clock/WallWatch';

export type { SchedulerOptions } from './schedulerOptions';

/** What the scheduler keeps its tasks in. */
export type TaskQueue = Pick<
  TimerQueue<Task>,
  'size' | 'count' | 'armed' | 'add' | 'move' | 'remove' | 'nextDue' | 'take' | 'takenRank'
>;

/** A flush hands the turn back to the host's I/O when it has run for this many real ms, */
const FLUSH_BUDGET = 10;
/** which is looked up once in so many tasks; */
const TASKS_PER_LOOK = 32;
/** and after so many tasks in any case, since a virtual clock stands still while it runs. */
const TASKS_PER_FLUSH = 65_536;

/**
 * The one scheduler on which a host merges everything: an RxJS `SchedulerLike` over a {@link Clock}.
 *
 * Work runs in the order of (instant, arrival). What is scheduled for now from inside a task runs after it,
 * in the same flush, never within it. A task that throws takes nothing down: the error goes to its owner.
 * One wake-up at most is armed with the clock, for the earliest instant, and everything that is due by then
 * runs in it. The clock is read once a turn.
 */
export class Scheduler implements Timers {
  readonly timerWatcher: TimerWatcher | undefined = undefined;
  readonly present = new Present();
  /** How many tasks have run so far. */
  ran = 0;

  private readonly alarm: Alarm;
  private readonly onError: (error: unknown) => void;
  private readonly wall: WallWatch;
  private readonly turn: TurnClock;
  private isFlushing = false;
  private willLookForRest = false;

  constructor(
    readonly clock: Clock,
    options?: SchedulerOptions,
    private readonly queue: TaskQueue = new TimerQueue<Task>(),
  ) {
    aClock(clock, 'new Scheduler', 'clock');
    checkOptions('new Scheduler', SCHEDULER, options);
    const { slack = 0, onError = throwLater } = options ?? {};
    this.turn = new TurnClock(clock);
    this.alarm = new Alarm(clock, this.turn, toMs(slack), this.flush);
    this.onError = onError;
    this.wall = new WallWatch(clock, (error) => {
      blame({ fail: onError }, error);
    });
  }

  now(): number {
    return this.turn.now();
  }

  /** The instant, or a slightly earlier one of the same turn of the host: for what is shown only. */
  lately(): Moment {
    return this.turn.lately();
  }

  wallNow(): number {
    return this.clock.wallNow();
  }

  /** How many timers are armed. */
  get size(): number {
    return this.queue.size;
  }

  /** How many timers of a rank are armed. */
  count(rank: Rank): number {
    return this.queue.count(rank);
  }

  /** What is armed, in no order. */
  armed(): Iterable<{ readonly due: number; readonly rank: Rank; readonly owner: Task }> {
    return this.queue.armed();
  }

  /**
   * Schedules work as RxJS does. A delay that has passed counts as none, and an infinite one never ends.
   *
   * @throws AgentError `bad-duration` if the delay is NaN.
   */
  schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay = 0, state?: T): Subscription {
    return new ScheduledAction(this, work, this.onError).schedule(state, delay);
  }

  arm(due: number, task: Task, rank: Rank = FINITE): number {
    const { rank: present } = this.present;
    const slot = this.queue.add(due, task, rank > present ? rank : present);
    if (due < this.alarm.due && !this.isFlushing) this.wakeFor(slot, due);
    return slot;
  }

  rearm(slot: number, due: number): void {
    this.queue.move(slot, due);
    if (due < this.alarm.due && !this.isFlushing) this.wakeFor(slot, due);
  }

  disarm(slot: number): void {
    this.queue.remove(slot);
    if (this.queue.size === 0 && !this.willLookForRest) this.lookForRest();
  }

  onWallSet(listener: () => void): () => void {
    return this.wall.add(listener);
  }

  /** Nobody keeps a ledger of a scheduler that belongs to no host. */
  enter(_timer: TimerPart): undefined {
    return undefined;
  }

  leave(_timer: TimerPart): void {
    // See enter.
  }

  private readonly flush = (): void => {
    this.alarm.hasRung();
    this.isFlushing = true;
    const now = this.turn.begin();
    this.wall.look();
    this.runDueTasks(now);
    this.present.become(FINITE, undefined);
    this.isFlushing = false;
    // Behind the microtasks that the tasks have queued: those go on at the same instant.
    this.turn.endSoon();
    this.wakeForNext();
  };

  private runDueTasks(now: number): void {
    const { queue, present } = this;
    const start = performance.now();
    let task = queue.take(now);
    for (let done = 1; task !== undefined; done++) {
      present.become(queue.takenRank, task.place);
      this.ran++;
      try {
        runTask(task);
      } catch (error) {
        blame(task, error);
      }
      if (done % TASKS_PER_LOOK === 0 && performance.now() - start >= FLUSH_BUDGET) return;
      if (done === TASKS_PER_FLUSH) return;
      task = queue.take(now);
    }
  }

  private wakeForNext(): void {
    const due = this.queue.nextDue();
    if (due >= this.alarm.due) return;
    try {
      this.alarm.set(due);
    } catch (error) {
      blame({ fail: this.onError }, error);
    }
  }

  /** A clock may refuse to wake anybody: then nothing is armed. */
  private wakeFor(slot: number, due: number): void {
    try {
      this.alarm.set(due);
    } catch (error) {
      this.queue.remove(slot);
      throw error;
    }
  }

  /** A wake-up that nothing needs would keep the process alive. It is often needed again at once, so it is not hurried. */
  private lookForRest(): void {
    this.willLookForRest = true;
    microtask(() => {
      this.willLookForRest = false;
      if (this.queue.size === 0) this.alarm.cancel();
    });
  }
}

/** This is where every task begins, and most have a context: no call in between. */
function runTask(task: Task): void {
  const { context } = task;
  if (context === undefined) task.run();
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on the task
  else context.runInAsyncScope(task.run, task);
}
