import fc from 'fast-check';
import {
  animationFrameScheduler,
  asapScheduler,
  asyncScheduler,
  auditTime,
  bufferTime,
  concatMap,
  debounceTime,
  defer,
  delay,
  delayWhen,
  exhaustMap,
  groupBy,
  interval,
  map,
  merge,
  mergeMap,
  type Observable,
  type OperatorFunction,
  observeOn,
  of,
  queueScheduler,
  repeat,
  retry,
  sampleTime,
  share,
  shareReplay,
  startWith,
  subscribeOn,
  switchMap,
  take,
  takeUntil,
  throttleTime,
  timeInterval,
  timeout,
  timer,
  windowTime,
} from 'rxjs';
import type { RunHelpers } from 'rxjs/testing';
import { seenByMarbles, seenByTestScheduler } from '../support/bothWays';

type Op = OperatorFunction<unknown, unknown>;
/** Makes an operator of the sources of a test. */
type OpOf = (sources: readonly Observable<unknown>[]) => Op;

const schedulers = { asapScheduler, asyncScheduler, queueScheduler, animationFrameScheduler };
const ms = fc.nat({ max: 6 });
const positive = fc.integer({ min: 1, max: 6 });
const named = <A>(name: string, argument: fc.Arbitrary<A>, make: (argument: A) => OpOf) =>
  argument.map((value) => ({ name: `${name}(${JSON.stringify(value)})`, make: make(value) }));

const ops = fc.oneof(
  named('delay', ms, (n) => () => delay(n)),
  named('debounceTime', ms, (n) => () => debounceTime(n)),
  named(
    'throttleTime',
    fc.tuple(positive, fc.boolean(), fc.boolean()),
    ([n, leading, trailing]) =>
      () =>
        throttleTime(n, undefined, { leading, trailing }),
  ),
  named('auditTime', ms, (n) => () => auditTime(n)),
  named('sampleTime', positive, (n) => () => sampleTime(n)),
  named('bufferTime', positive, (n) => () => bufferTime(n)),
  named(
    'bufferTime two',
    fc.tuple(positive, positive),
    ([n, m]) =>
      () =>
        bufferTime(n, m, 3),
  ),
  named('windowTime', positive, (n) => () => windowTime(n)),
  named('groupBy', fc.constant(0), () => () => groupBy((value) => String(value) < 'c')),
  named('timeout', positive, (n) => () => timeout({ each: n, with: () => of('T') })),
  named('timeout first', positive, (n) => () => timeout({ first: n })),
  named('switchMap timer', ms, (n) => () => switchMap((value) => timer(n).pipe(map(() => value)))),
  named(
    'switchMap source',
    fc.constant(0),
    () =>
      ([, other]) =>
        switchMap(() => other!),
  ),
  named(
    'mergeMap interval',
    fc.tuple(positive, positive),
    ([n, m]) =>
      () =>
        mergeMap(() => interval(n).pipe(take(m))),
  ),
  named('mergeMap interval 0', positive, (m) => () => mergeMap(() => interval(0).pipe(take(m)))),
  named(
    'mergeMap timer',
    fc.tuple(ms, positive),
    ([n, m]) =>
      () =>
        mergeMap(() => timer(n, m).pipe(take(3)), 2),
  ),
  named('concatMap', ms, (n) => () => concatMap((value) => of(value).pipe(delay(n)))),
  named('exhaustMap', ms, (n) => () => exhaustMap((value) => timer(n).pipe(map(() => value)))),
  named(
    'merge intervals',
    fc.tuple(positive, positive),
    ([n, m]) =>
      () =>
      (source: Observable<unknown>) =>
        merge(source, interval(n).pipe(take(5)), interval(m).pipe(take(5)), timer(n * m)),
  ),
  named(
    'takeUntil',
    fc.constant(0),
    () =>
      ([, other]) =>
        takeUntil(other!),
  ),
  named(
    'observeOn',
    fc.constantFrom(...Object.keys(schedulers)),
    (name) => () => observeOn(schedulers[name as keyof typeof schedulers]),
  ),
  named('observeOn later', ms, (n) => () => observeOn(asapScheduler, n)),
  named(
    'subscribeOn',
    fc.constantFrom(...Object.keys(schedulers)),
    (name) => () => subscribeOn(schedulers[name as keyof typeof schedulers]),
  ),
  named('subscribeOn later', ms, (n) => () => subscribeOn(asyncScheduler, n)),
  named('timeInterval', fc.constant(0), () => () => timeInterval()),
  named('delayWhen', ms, (n) => () => delayWhen(() => merge(timer(n), timer(2)))),
  named('share', ms, (n) => () => share({ resetOnRefCountZero: () => timer(n) })),
  named('shareReplay', positive, (n) => () => shareReplay({ bufferSize: 2, windowTime: n, refCount: true })),
  named('retry', ms, (n) => () => retry({ count: 2, delay: n })),
  named('repeat', ms, (n) => () => repeat({ count: 2, delay: n })),
  named(
    'throws',
    fc.constant(0),
    () => () =>
      map((value) => {
        if (value === 'c') throw new Error('thrown');
        return value;
      }),
  ),
  named(
    'defers',
    ms,
    (n) => () => (source: Observable<unknown>) => defer(() => (n > 3 ? source.pipe(startWith('s')) : source)),
  ),
  named(
    'inner cold',
    fc.constant(0),
    () =>
      ([, , inner]) =>
        map(() => inner!),
  ),
);

const step = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('-', '--', ' ', '  -') },
  { weight: 5, arbitrary: fc.constantFrom('a', 'b', 'c', 'd') },
  { weight: 2, arbitrary: fc.constantFrom('(ab)', '(abc)', '(dd)', '(a)') },
  { weight: 1, arbitrary: fc.constantFrom(' 2ms ', ' 5ms ', ' 1.5ms ', ' 0.01s ') },
);
const end = fc.constantFrom('', '|', '#', '-|', '--#', '(a|)', '(b#)');
const cold = fc.tuple(fc.array(step, { maxLength: 9 }), end).map(([steps, last]) => steps.join('') + last);
const hot = fc
  .tuple(fc.array(fc.constantFrom('-', 'a', 'b', '(ab)'), { maxLength: 5 }), cold)
  .map(([before, after]) => `${before.join('')}^${after}`);
const subscription = fc.constantFrom(
  null,
  '^',
  '---^',
  '^---!',
  '--^----!',
  '(^!)',
  ' 3ms ^ 9ms !',
  '-----!',
);

const program = fc.record({
  sources: fc.tuple(
    fc.oneof(
      fc.record({ kind: fc.constant('cold' as const), marbles: cold }),
      fc.record({ kind: fc.constant('hot' as const), marbles: fc.oneof(cold, hot) }),
    ),
    fc.oneof(
      fc.record({ kind: fc.constant('cold' as const), marbles: cold }),
      fc.record({ kind: fc.constant('hot' as const), marbles: fc.oneof(cold, hot) }),
    ),
    fc.record({ kind: fc.constant('cold' as const), marbles: cold }),
  ),
  ops: fc.array(ops, { maxLength: 4 }),
  subscriptions: fc.array(subscription, { minLength: 1, maxLength: 3 }),
  frames: fc.constantFrom('', '---x---x', 'x 9ms x', 'x-x-x-x-x-x-x-x-x-x-x-x-x-x-x-x-x'),
  expected: cold,
  flushes: fc.boolean(),
  subscribesAtOnce: fc.boolean(),
  toEqual: fc.boolean(),
});

type Program = typeof program extends fc.Arbitrary<infer P> ? P : never;

function write({
  sources,
  ops: chosen,
  subscriptions,
  frames,
  expected,
  flushes,
  subscribesAtOnce,
  toEqual,
}: Program) {
  return ({
    cold: makeCold,
    hot: makeHot,
    expectObservable,
    expectSubscriptions,
    animate,
    flush,
  }: RunHelpers): void => {
    animate(frames);
    const made = sources.map(({ kind, marbles }) => (kind === 'cold' ? makeCold(marbles) : makeHot(marbles)));
    // Without an end of its own a test would go on for ever under TestScheduler.
    const result$ = chosen.reduce<Observable<unknown>>(
      (source$, { make }) => source$.pipe(make(made), takeUntil(timer(61))),
      made[0]!,
    );
    if (subscribesAtOnce) made[0]!.pipe(delay(1)).subscribe({ error: () => undefined });
    for (const marbles of subscriptions) {
      const expectation = expectObservable(result$, marbles ?? undefined);
      if (toEqual && marbles === null) expectation.toEqual(makeCold(expected));
      else expectation.toBe(expected, { a: 'A', b: 1, c: 'c', d: 'd' }, 'oops');
    }
    if (flushes) flush();
    for (const { subscriptions: logs } of made) expectSubscriptions(logs).toBe(['^--!', '---^']);
    if (flushes) expectObservable(made[1]!.pipe(debounceTime(2))).toBe(expected);
  };
}

describe('runMarbles beside TestScheduler.run', () => {
  it('compares the same at the same frames in the same order, whatever the test', async () => {
    await fc.assert(
      fc.asyncProperty(program, async (parts) => {
        const body = write(parts);
        const theirs = seenByTestScheduler(body);
        // TestScheduler throws this by mistake when a timer clears another one that is due as well.
        fc.pre(String(theirs.thrown) !== 'Error: Expected a due immediate or interval');
        expect(await seenByMarbles(body)).toEqual(theirs);
      }),
      {
        numRuns: Number(process.env['CONFORMANCE_RUNS'] ?? 300),
      },
    );
  }, 600_000);
});
