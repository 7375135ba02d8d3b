import { type DateInput, toInstant } from '../../time/operators/at';
import { toKey } from '../../time/operators/toKey';
import type { MissedPolicy, Tick } from '../../time/operators/Tick';
import type { CronSchedule } from '../../time/calendar/cronSchedule';
import { LARGE_STEP } from '../../time/operators/cron';
import { dueUntil } from '../../time/calendar/dueUntil';
import { ENDLESS, FINITE } from '../../time/queue/rank';
import { type Duration, toMs } from '../../time/spans/duration';
import type { LatePolicy } from './options';
import type { Armed, Rung, TimerPlan } from './TimerPlan';

/** @param wait is read already, if it is no function */
export function afterPlan<T>(
  wait: number | ((trigger: T) => Duration),
  key: ((trigger: T) => unknown) | undefined,
  late: LatePolicy,
): TimerPlan<T, T> {
  const waitOf = (trigger: T): number => (typeof wait === 'number' ? wait : toMs(wait(trigger)));
  const begin = (trigger: T, now: number): Armed | undefined => {
    const due = now + waitOf(trigger);
    return due === Infinity ? undefined : { due, memo: null };
  };
  return {
    kind: 'after',
    rank: FINITE,
    keyOf: (trigger) => key && toKey(key(trigger)),
    begin,
    ring: (_armed, trigger) => ({ values: [trigger], next: undefined, missed: 0 }),
    restore: (armed, trigger, now, down) => {
      if (late === 'resume') return { ...armed, due: armed.due + down };
      if (armed.due > now || late === 'fire') return armed;
      return late === 'skip' ? undefined : begin(trigger, now);
    },
    shift: ({ due, memo }, ms) => ({ due: due + ms, memo }),
  };
}

export function atPlan<T>(date: number | ((trigger: T) => DateInput), late: LatePolicy): TimerPlan<T, Tick> {
  return {
    kind: 'at',
    rank: FINITE,
    keyOf: () => undefined,
    begin: (trigger) => ({ due: typeof date === 'number' ? date : toInstant(date(trigger)), memo: null }),
    ring: ({ due }, _trigger, _now, by) => ({
      values: [{ at: due, index: 1, missed: 0, ...(by > 0 && { late: by }) }],
      next: undefined,
      missed: 0,
    }),
    restore: (armed, _trigger, now) => (armed.due <= now && late === 'skip' ? undefined : armed),
    shift: (armed) => armed,
  };
}

/** The grid of `every`: where it starts, the last tick, how many were skipped since, and its period. */
type Grid = readonly [start: number, index: number, skipped: number, period: number];

export function everyPlan(
  period: number,
  missed: MissedPolicy,
  immediate: boolean,
): TimerPlan<unknown, Tick> {
  const armed = (start: number, index: number, skipped: number): Armed => ({
    due: start + (index + 1) * period,
    memo: [start, index, skipped, period] satisfies Grid,
  });
  const begin = (_trigger: unknown, now: number): Armed => armed(now, 0, 0);
  return {
    kind: 'every',
    rank: ENDLESS,
    keyOf: () => undefined,
    begin,
    first: (now) => (immediate ? [{ at: now, index: 0, missed: 0 }] : []),
    ring: ({ memo }, _trigger, now) => {
      const [start, index, skipped] = memo as unknown as Grid;
      const first = index + 1;
      const last = Math.max(first, Math.floor((now - start) / period));
      const tick = (n: number, left: number): Tick => ({ at: start + n * period, index: n, missed: left });
      const rung = (values: readonly Tick[], left: number): Rung<Tick> => ({
        values,
        next: armed(start, last, left),
        missed: last - first,
      });
      if (missed === 'one') return rung([tick(last, last - first)], 0);
      if (missed === 'burst')
        return rung(
          Array.from({ length: last - first + 1 }, (_, n) => tick(first + n, 0)),
          0,
        );
      return last > first ? rung([], skipped + last - first + 1) : rung([tick(last, skipped)], 0);
    },
    // Another period is another grid.
    restore: (kept, trigger, now) =>
      (kept.memo as unknown as Grid)[3] === period ? kept : begin(trigger, now),
    shift: (kept, ms) => {
      const [start, index, skipped] = kept.memo as unknown as Grid;
      return armed(start + ms, index, skipped);
    },
  };
}

/** What `cron` has to know: the last tick's index, how many were skipped since, and its expression. */
type Calendar = readonly [index: number, skipped: number, expression: string];

/** @param expression with all that makes it another one */
export function cronPlan(
  schedule: CronSchedule,
  expression: string,
  missed: MissedPolicy,
): TimerPlan<unknown, Tick> {
  const armed = (after: number, index: number, skipped: number): Armed | undefined => {
    const due = schedule.next(after);
    return due === undefined ? undefined : { due, memo: [index, skipped, expression] satisfies Calendar };
  };
  const begin = (_trigger: unknown, now: number): Armed | undefined => armed(now, 0, 0);
  return {
    kind: 'cron',
    rank: ENDLESS,
    keyOf: () => undefined,
    begin,
    ring: ({ due: first, memo }, _trigger, now) => {
      const [index, skipped] = memo as unknown as Calendar;
      const due = dueUntil(schedule, first, now);
      const last = due.at(-1) ?? first;
      const left = due.length - 1;
      const rung = (values: readonly Tick[], at: number, skips: number): Rung<Tick> => ({
        values,
        next: armed(last, at, skips),
        missed: left,
      });
      const reached = index + due.length;
      if (missed === 'one') return rung([{ at: last, index: reached, missed: left }], reached, 0);
      if (missed === 'burst')
        return rung(
          due.map((at, n) => ({ at, index: index + n + 1, missed: 0 })),
          reached,
          0,
        );
      if (left > 0) return rung([], index, skipped + due.length);
      return rung([{ at: first, index: index + skipped + 1, missed: skipped }], index + skipped + 1, 0);
    },
    restore: (kept, trigger, now) =>
      (kept.memo as unknown as Calendar)[2] === expression ? kept : begin(trigger, now),
    shift: (kept, ms, now) => {
      const [index, skipped] = kept.memo as unknown as Calendar;
      return ms < -LARGE_STEP ? (armed(now, index, skipped) ?? kept) : kept;
    },
  };
}
