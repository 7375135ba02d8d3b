import { Replacement } from './Replacement';
import type { TimeOfCaller } from './VirtualTime';

/** A `Date` with another now; all else, `instanceof` included, is the host's own. */
export function virtualDate(timeOfCaller: TimeOfCaller): Replacement<DateConstructor> {
  return new Replacement<DateConstructor>(globalThis, 'Date', (host) => over(host, timeOfCaller));
}

/** For those outside it is their own in all but identity. */
export function constructorOfDates(): Replacement<DateConstructor> {
  return new Replacement<DateConstructor>(Date.prototype, 'constructor', () => Date);
}

function over(host: DateConstructor, timeOfCaller: TimeOfCaller): DateConstructor {
  const now = (): number => {
    const time = timeOfCaller();
    return time === undefined ? host.now() : Math.floor(time.clock.wallNow());
  };
  const virtual: DateConstructor = new Proxy(host, {
    construct: (target, args: unknown[], newTarget) =>
      Reflect.construct(
        target,
        args.length === 0 ? [now()] : args,
        newTarget === virtual ? target : newTarget,
      ) as Date,
    apply: (target) => new target(now()).toString(),
    get: (target, key) => (key === 'now' ? now : (Reflect.get(target, key) as unknown)),
  });
  return virtual;
}
