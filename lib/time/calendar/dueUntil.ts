import type { CronSchedule } from './cronSchedule';

/** No more ticks than these are counted, or caught up: a device that boots in 1970 and is then set passes millions. */
const MOST_MISSED = 10_000;
/** No two ticks are nearer to each other. */
const SECOND = 1000;

/** The ticks that have come due, from one that has; of too many the first ones, and the last. */
export function dueUntil(schedule: CronSchedule, first: number, wallNow: number): [number, ...number[]] {
  const due: [number, ...number[]] = [first];
  for (;;) {
    const following = schedule.next(due.at(-1) ?? first);
    if (following === undefined || following > wallNow) return due;
    if (due.length === MOST_MISSED) return [...due, lastUntil(schedule, wallNow, following)];
    due.push(following);
  }
}

/** The last tick up to now, from one that is known. */
function lastUntil(schedule: CronSchedule, wallNow: number, known: number): number {
  let [last, end] = [known, wallNow];
  while (end - last >= SECOND) {
    const middle = (last + end) / 2;
    const following = schedule.next(middle);
    if (following !== undefined && following <= wallNow) last = following;
    else end = middle;
  }
  return last;
}
