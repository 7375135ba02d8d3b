import { type Replaced, ReplacedGetter, Replacement } from './Replacement';
import type { TimeOfCaller } from './VirtualTime';

interface HostProcess {
  readonly process?: { hrtime?: HrTime };
}

interface HrTime {
  (time?: readonly [number, number]): [number, number];
  bigint(): bigint;
}

type DateLike = Date | number;
type Format = Intl.DateTimeFormat;
type Parts = Format['formatToParts'];

const NS_PER_MS = 1e6;
const NS_PER_S = 1e9;

/**
 * What else reads the host's clock: `Intl.DateTimeFormat` without a date, `performance.now` and `timeOrigin`, and
 * `process.hrtime`.
 */
export function virtualReadings(timeOfCaller: TimeOfCaller): readonly Replaced[] {
  const { process } = globalThis as HostProcess;
  return [
    virtualNow(timeOfCaller),
    virtualOrigin(timeOfCaller),
    ...virtualFormats(timeOfCaller),
    ...(process?.hrtime === undefined ? [] : [virtualHrTime(process, timeOfCaller)]),
  ];
}

function virtualNow(timeOfCaller: TimeOfCaller): Replaced {
  return new Replacement<Performance['now']>(performance, 'now', (theirs) => () => {
    const time = timeOfCaller();
    return time === undefined ? theirs.call(performance) : time.clock.now() - time.clock.start;
  });
}

function virtualOrigin(timeOfCaller: TimeOfCaller): Replaced {
  const host = performance.timeOrigin;
  return new ReplacedGetter(performance, 'timeOrigin', {
    configurable: true,
    get: () => {
      const start = timeOfCaller()?.clock.start;
      return start === undefined ? host : Math.floor(start);
    },
  });
}

function virtualFormats(timeOfCaller: TimeOfCaller): Replaced[] {
  const { prototype } = Intl.DateTimeFormat;
  const theirs = Object.getOwnPropertyDescriptor(prototype, 'format') ?? {};
  const dateOf = (date?: DateLike): DateLike | undefined => {
    const time = date === undefined ? timeOfCaller() : undefined;
    return time === undefined ? date : Math.floor(time.clock.wallNow());
  };
  return [
    new ReplacedGetter(prototype, 'format', {
      ...theirs,
      get(this: Format) {
        const write = theirs.get?.call(this) as (date?: DateLike) => string;
        return (date?: DateLike) => write(dateOf(date));
      },
    }),
    new Replacement<Parts>(
      prototype,
      'formatToParts',
      (parts) =>
        function (this: Format, date?: DateLike) {
          return parts.call(this, dateOf(date));
        },
    ),
  ];
}

/** Only Node has it. It counts from the beginning of the test. */
function virtualHrTime(process: object, timeOfCaller: TimeOfCaller): Replaced {
  const nanoseconds = (): number | undefined => {
    const time = timeOfCaller();
    return time && Math.round((time.clock.now() - time.clock.start) * NS_PER_MS);
  };
  return new Replacement<HrTime>(process, 'hrtime', (theirs) =>
    Object.assign(
      (before?: readonly [number, number]): [number, number] => {
        const now = nanoseconds();
        if (now === undefined) return theirs(before);
        const [seconds, rest] = before ?? [0, 0];
        const ns = now - (seconds * NS_PER_S + rest);
        return [Math.floor(ns / NS_PER_S), ns % NS_PER_S];
      },
      {
        bigint: () => {
          const now = nanoseconds();
          return now === undefined ? theirs.bigint() : BigInt(now);
        },
      },
    ),
  );
}
