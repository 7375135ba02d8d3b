import { asyncScheduler, type OperatorFunction, type SchedulerLike, type Subscriber } from 'rxjs';
import { AgentError } from '../../AgentError';
import type { Check } from '../../options/checkOptions';
import { showValue } from '../../options/showValue';
import { CalendarSubscriber } from './CalendarSubscriber';
import { checkScheduler, timersOf } from '../queue/ForeignTimers';
import { FINITE } from '../queue/rank';
import type { Tick } from './Tick';
import type { Timers } from '../queue/Timers';
import { timerOperator } from './TimerSubscriber';

/** An instant of the calendar: a Date, ms since the epoch, or a text of ISO 8601 with a zone (`'2024-03-01T04:30Z'`). */
export type DateInput = Date | number | string;

/**
 * Ticks once when the wall clock shows the date; at once if that has passed. Another trigger starts the wait
 * again. When the triggers complete, a wait that runs is finished first.
 * ```
 * trigger            a-|
 * at(the 4th frame)  ----(1|)
 * ```
 * @param date the date, or a function that gives it for a trigger
 * @throws AgentError `bad-date`, at once for a value, as an error of the result for a function's
 */
export function at<T>(
  date: DateInput | ((trigger: T) => DateInput),
  scheduler: SchedulerLike = asyncScheduler,
): OperatorFunction<T, Tick> {
  const dateOf = typeof date === 'function' ? date : fixed(toInstant(date));
  checkScheduler('at', scheduler);
  return timerOperator((result) => new AtSubscriber(result, timersOf(scheduler), dateOf));
}

/**
 * Reads a {@link DateInput} as ms since the epoch.
 *
 * @throws AgentError `bad-date` if it is no date, or a text that leaves the zone to the machine.
 */
export function toInstant(date: DateInput): number {
  const isKnown = typeof date === 'string' ? isUnambiguous(date) : isInstant(date);
  const instant = isKnown ? new Date(date).getTime() : NaN;
  if (Number.isFinite(instant)) return instant;
  throw new AgentError(
    'bad-date',
    `${showValue(date)} is no instant. Give a Date, ms since the epoch, or ISO 8601 with a zone: '2024-03-01T04:30:00Z'.`,
  );
}

/** Of an option: a {@link DateInput}. */
export const aDate: Check = (given) => {
  toInstant(given as DateInput);
};

/** Whatever else is given, such as nothing, would be the epoch or the year 2001 to `new Date`. */
function isInstant(date: unknown): boolean {
  if (typeof date === 'object' && date !== null) return typeof date.valueOf() === 'number';
  return typeof date === 'number';
}

/** A date alone is UTC by the standard; a time without a zone would be another instant on each machine. */
const ISO = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2}))?$/;

/** Hosts read much else, each in its own way, and some take 30 February for 1 March. */
function isUnambiguous(date: string): boolean {
  return ISO.test(date) && new Date(date.slice(0, 10)).getUTCDate() === Number(date.slice(8, 10));
}

function fixed(instant: number): () => number {
  return () => instant;
}

class AtSubscriber<T> extends CalendarSubscriber<T> {
  private instant = 0;

  constructor(
    result: Subscriber<Tick>,
    timers: Timers,
    private readonly dateOf: (trigger: T) => DateInput,
  ) {
    super(result, timers, 'at', FINITE);
  }

  protected trigger(value: T): void {
    this.instant = toInstant(this.dateOf(value));
    this.armWall(this.instant);
  }

  protected ring(): void {
    this.noteFired(0);
    this.emit({ at: this.instant, index: 1, missed: 0 });
  }
}
