import type { Clock } from '../clock/Clock';
import { replaceProperty } from './replaceProperty';

interface HostProcess {
  readonly process?: { hrtime?: HrTime };
}

interface HrTime {
  (time?: readonly [number, number]): [number, number];
  bigint(): bigint;
}

type DateLike = Date | number;
type Format = Intl.DateTimeFormat;

const NS_PER_MS = 1e6;
const NS_PER_S = 1e9;

/** Whose time is read instead of the host's, while it is. Marble tests take turns, so there is one at most. */
let reading: { readonly clock: Clock; readonly start: number; readonly isInside: () => boolean } | undefined;
let hostOrigin = 0;

// Each of these is made once: V8 knows again what is defined with the same function, and to define it with another one
// for each test costs half of a short one.
const formatOf = Object.getOwnPropertyDescriptor(Intl.DateTimeFormat.prototype, 'format') ?? {};
// eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on its owner
const { formatToParts } = Intl.DateTimeFormat.prototype;
const virtualFormat: PropertyDescriptor = {
  ...formatOf,
  get(this: Format) {
    const write = formatOf.get?.call(this) as (date?: DateLike) => string;
    return (date?: DateLike) => write(dateOf(date));
  },
};
const virtualOrigin: PropertyDescriptor = {
  configurable: true,
  get: () => (isRead() ? (reading?.start ?? 0) : hostOrigin),
};

/**
 * Lets what else reads the host's clock read a virtual one, for those inside: `Intl.DateTimeFormat` without a date,
 * `performance.timeOrigin` and `process.hrtime`.
 *
 * @returns the ways to put back what was there
 */
export function virtualReadings(clock: Clock, isInside: () => boolean): (() => void)[] {
  reading = { clock, start: Math.floor(clock.wallNow()), isInside };
  hostOrigin = performance.timeOrigin;
  return [
    () => {
      reading = undefined;
    },
    define(performance, 'timeOrigin', virtualOrigin),
    define(Intl.DateTimeFormat.prototype, 'format', virtualFormat),
    replaceProperty(Intl.DateTimeFormat.prototype, 'formatToParts', virtualParts),
    ...virtualHrTime(clock, isInside),
  ];
}

function isRead(): boolean {
  return reading?.isInside() === true;
}

function dateOf(date?: DateLike): DateLike | undefined {
  return date === undefined && isRead() ? Math.floor(reading?.clock.wallNow() ?? NaN) : date;
}

function virtualParts(this: Format, date?: DateLike): Intl.DateTimeFormatPart[] {
  return formatToParts.call(this, dateOf(date));
}

function define(owner: object, name: string, descriptor: PropertyDescriptor): () => void {
  const original = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, descriptor);
  return () => {
    if (original === undefined) Reflect.deleteProperty(owner, name);
    else Object.defineProperty(owner, name, original);
  };
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
