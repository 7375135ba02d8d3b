import type { Clock } from '../clock/Clock';

/** `Date` with another now for those inside; all else, `instanceof` included, is the host's own. */
export function virtualDate(clock: Clock, isInside: () => boolean): DateConstructor {
  const host = Date;
  const now = (): number => (isInside() ? Math.floor(clock.wallNow()) : host.now());
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
