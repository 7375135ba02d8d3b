import type { Clock } from './Clock';
import { divideProperty } from './divideProperty';
import { replaceProperty } from './replaceProperty';

interface HostProcess {
  readonly process?: { hrtime?: HrTime };
}

interface HrTime {
  (time?: readonly [number, number]): [number, number];
  bigint(): bigint;
}

type DateLike = Date | number;
type Formatter = Pick<Intl.DateTimeFormat, 'formatToParts'>;

const NS_PER_MS = 1e6;
const NS_PER_S = 1e9;

/**
 * Lets what else reads the host's clock read a virtual one, for those inside: `Intl.DateTimeFormat` without a date,
 * `performance.timeOrigin` and `process.hrtime`.
 *
 * @returns the ways to put back what was there
 */
export function virtualReadings(clock: Clock, isInside: () => boolean): (() => void)[] {
  const wallNow = (): number => Math.floor(clock.wallNow());
  return [
    divideProperty(performance, 'timeOrigin', isInside, wallNow()),
    ...virtualFormats(wallNow, isInside),
    ...virtualHrTime(clock, isInside),
  ];
}

function virtualFormats(now: () => number, isInside: () => boolean): (() => void)[] {
  const { prototype } = Intl.DateTimeFormat;
  const dateOf = (date?: DateLike): DateLike | undefined => (date === undefined && isInside() ? now() : date);
  const format = Object.getOwnPropertyDescriptor(prototype, 'format');
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on its owner
  const { formatToParts } = prototype;
  Object.defineProperty(prototype, 'format', {
    ...format,
    get(this: Intl.DateTimeFormat) {
      const bound = format?.get?.call(this) as (date?: DateLike) => string;
      return (date?: DateLike) => bound(dateOf(date));
    },
  });
  return [
    () => {
      Object.defineProperty(prototype, 'format', format ?? {});
    },
    replaceProperty(prototype, 'formatToParts', function (this: Formatter, date?: DateLike) {
      return formatToParts.call(this as Intl.DateTimeFormat, dateOf(date));
    }),
  ];
}

/** Only Node has it. It counts from the beginning of the test. */
function virtualHrTime(clock: Clock, isInside: () => boolean): (() => void)[] {
  const { process } = globalThis as HostProcess;
  const theirs = process?.hrtime;
  if (process === undefined || theirs === undefined) return [];
  const start = clock.now();
  const nanoseconds = (): number => Math.round((clock.now() - start) * NS_PER_MS);
  const ours = (before: readonly [number, number] = [0, 0]): [number, number] => {
    const ns = nanoseconds() - (before[0] * NS_PER_S + before[1]);
    return [Math.floor(ns / NS_PER_S), ns % NS_PER_S];
  };
  const divided = Object.assign(
    (before?: readonly [number, number]) => (isInside() ? ours(before) : theirs(before)),
    { bigint: () => (isInside() ? BigInt(nanoseconds()) : theirs.bigint()) },
  );
  return [replaceProperty(process, 'hrtime', divided)];
}
