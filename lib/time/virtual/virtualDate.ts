import type { Clock } from '../clock/Clock';

/** Whose time is read instead of the host's, while it is. Marble tests take turns, so there is one at most. */
let reading: { readonly clock: Clock; readonly isInside: () => boolean } | undefined;

/** Those that have been made, by the host's own: a runner may keep whatever it has seen on the global. */
const made = new WeakMap<DateConstructor, DateConstructor>();

/**
 * Gives a `Date` with another now for those inside, and the way to the host's own now; all else, `instanceof` included,
 * is the host's own.
 */
export function virtualDate(
  clock: Clock,
  isInside: () => boolean,
): { readonly virtual: DateConstructor; readonly restore: () => void } {
  const host = Date;
  const virtual = made.get(host) ?? over(host);
  made.set(host, virtual);
  reading = { clock, isInside };
  return {
    virtual,
    restore: () => {
      reading = undefined;
    },
  };
}

function over(host: DateConstructor): DateConstructor {
  const now = (): number => (reading?.isInside() === true ? Math.floor(reading.clock.wallNow()) : host.now());
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
