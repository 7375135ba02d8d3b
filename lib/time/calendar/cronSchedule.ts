import { CronDate, CronPattern } from 'croner';
import { AgentError } from '../../AgentError';
import { showValue } from '../../options/showValue';
import { emptyCron, unreadableCron } from './cronErrors';

export interface CronOptions {
  /** The IANA zone whose clock the expression is about: `'Europe/Berlin'`. Default `'UTC'`, on every machine. */
  readonly zone?: string;
}

export interface CronSchedule {
  /** The first instant (epoch ms) strictly after the given one; `undefined` when there is never another. */
  next(after: number): number | undefined;
}

/** No zone has ever changed its clock by more than this, nor (in our time) twice within it. */
const DAY = 86_400_000;

const YEAR_ONE = Date.parse('0001-01-01T00:00:00Z') - 1;

/** More than one search needs, and little to keep. */
const REMEMBERED_DAYS = 50;

/**
 * Reads a cron expression: minute, hour, day of month, month, day of week. Six fields put seconds first, seven
 * also a year last; where both days are given, either is enough. Names, `L`, `W`, `#`, `+` and `@daily` are as in
 * croner.
 *
 * When the zone's clock is changed, this holds on every host, whatever the host's own zone:
 * - **Fixed times** (no `*`, `?` or `/` in seconds, minutes and hours) each come once, at the first instant at
 *   which the clock has reached them. One that is skipped comes right after the gap, several that are skipped
 *   come there as one, and one that the clock shows twice comes at the first.
 * - **All others** come whenever the clock shows a time that matches: in both passes of a repeated hour, and
 *   not in a gap, which takes no time.
 * ```
 * Europe/Berlin   2026-03-29, 02:00 becomes 03:00    2026-10-25, 03:00 becomes 02:00
 * 30 2 * * *      03:00                              02:30 (the first)
 * 0 * * * *       00:00 01:00 03:00 04:00            00:00 01:00 02:00 02:00 03:00
 * ```
 * cron(8) has the same rule but for the rare: there, `0-23/2` counts as fixed, several skipped times come as
 * several, and a change of three hours or more is not caught up.
 *
 * @throws AgentError `bad-cron`, with the field that is wrong, also if no day of the calendar ever fits (30 February);
 *   `bad-zone`
 */
export function cronSchedule(expression: string, { zone = 'UTC' }: CronOptions = {}): CronSchedule {
  const pattern = parse(expression);
  const offsetAt = offsetsOf(zone);
  const next = pattern.isFixedTime ? nextFixedTime : nextMatch;
  return { next: (after) => next(pattern, offsetAt, Math.floor(after)) };
}

/** What to add to an instant to get the *reading* of the zone's clock: its date and time, in ms as if it were UTC. */
type Offsets = (instant: number) => number;

function nextFixedTime(pattern: CronPattern, offsetAt: Offsets, after: number): number | undefined {
  let reading = nextReading(pattern, after + offsetAt(after));
  while (reading !== undefined) {
    const instant = reached(reading, offsetAt);
    // In the second pass of a repeated hour, the first has reached this already.
    if (instant > after) return instant;
    reading = nextReading(pattern, reading);
  }
  return undefined;
}

/** The first instant at which the clock shows the reading or, where that is skipped, a later one. */
function reached(reading: number, offsetAt: Offsets): number {
  // No zone is a day from UTC: these are the offsets before and after any change near the reading.
  const [before, after] = [offsetAt(reading - DAY), offsetAt(reading + DAY)];
  const early = reading - Math.max(before, after);
  if (early + offsetAt(early) === reading) return early;
  const late = reading - Math.min(before, after);
  if (late + offsetAt(late) === reading) return late;
  return firstInstant(early, late, (instant) => instant + offsetAt(instant) >= reading);
}

function nextMatch(pattern: CronPattern, offsetAt: Offsets, after: number): number | undefined {
  // While the offset stays, the next reading is the next instant; where it changes first, search anew from there.
  let from = after + 1;
  for (;;) {
    const offset = offsetAt(from);
    const reading = nextReading(pattern, from + offset - 1);
    if (reading === undefined) return undefined;
    const instant = reading - offset;
    const horizon = Math.min(instant, from + DAY);
    if (offsetAt(horizon) !== offset) from = firstInstant(from, horizon, (at) => offsetAt(at) !== offset);
    else if (horizon === instant) return instant;
    // Nothing matches before the reading, in whatever pass, so that the days up to its eve can be left out.
    else from = Math.max(horizon, instant - DAY);
  }
}

/** The least instant in (low, high] for which `holds` is true, which it is from there on. */
function firstInstant(low: number, high: number, holds: (instant: number) => boolean): number {
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * croner is the parser and the calendar only. `Cron.nextRun` with a zone leaves out a fixed time whose gap ends at
 * midnight (23:30 in America/Nuuk), and walks through a gap second by second, which can take a tenth of a second;
 * it also asks for the time.
 */
function nextReading(pattern: CronPattern, after: number): number | undefined {
  return new CronDate(new Date(after), 0).increment(pattern, {}, false)?.getTime();
}

function parse(expression: string): CronPattern {
  let pattern: CronPattern;
  try {
    pattern = new CronPattern(expression, undefined, { fixedTimeRule: 'no-wildcard' });
  } catch (cause) {
    // croner's own words are in the cause alone: it counts days and months from 0 in them.
    throw unreadableCron(expression, cause);
  }
  if (mayBeEmpty(pattern) && nextReading(pattern, YEAR_ONE) === undefined) throw emptyCron(expression);
  return pattern;
}

/**
 * Where any day of the month will do, each year has one that fits. Else it is looked for: in the years that are given,
 * or in 400 years, after which the calendar is the same again.
 */
function mayBeEmpty({ starDOM, starYear }: CronPattern): boolean {
  return !starDOM || !starYear;
}

/** Asking Intl is what costs. A day of UTC that begins and ends with the same offset has it throughout. */
function offsetsOf(zone: string): Offsets {
  const read = readingsOf(zone);
  const beginnings = new Map<number, number>();
  function atBeginning(day: number): number {
    let offset = beginnings.get(day);
    if (offset === undefined) {
      offset = read(day * DAY) - day * DAY;
      if (beginnings.size >= REMEMBERED_DAYS) beginnings.clear();
      beginnings.set(day, offset);
    }
    return offset;
  }
  return (instant) => {
    const day = Math.floor(instant / DAY);
    const offset = atBeginning(day);
    return atBeginning(day + 1) === offset ? offset : read(instant) - instant;
  };
}

/** What the zone's clock shows at an instant, as {@link Offsets} has it. */
function readingsOf(zone: string): (instant: number) => number {
  const format = formatOf(zone);
  return (instant) => {
    const fields = (format.format(instant).match(/\d+/g) ?? []).map(Number);
    const [month = NaN, day, year = NaN, hour, minute, second] = fields;
    const milliseconds = instant - Math.floor(instant / 1000) * 1000;
    return Date.UTC(year, month - 1, day, hour, minute, second, milliseconds);
  };
}

function formatOf(zone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch (cause) {
    const message = `${showValue(zone)} is no time zone here. Give an IANA name: 'Europe/Berlin'.`;
    throw new AgentError('bad-zone', message, { cause });
  }
}
