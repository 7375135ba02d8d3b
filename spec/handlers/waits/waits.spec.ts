import { concat, EMPTY, NEVER, Observable, of, range, Subject, throwError, timer } from 'rxjs';
import { Cancelled, defineAgent, type Handler, type Run, type TraceEvent } from 'rx-agent-kit';
import { type MarbleHelpers, marbleTest } from 'rx-agent-kit/testing';
import { expectRuns } from '../support/expectRuns';

/** Starts an agent that runs a handler at 0, and stops it or switches it away later. */
function start({ hot, start: startAgent }: MarbleHelpers, handler: Handler<string, unknown>, trigger = 'a') {
  const agent = defineAgent({
    name: 'agent',
    streams: ({ handle }) => ({ result$: hot(trigger).pipe(handle.switch(handler)) }),
  });
  return startAgent(agent);
}

/** A source that counts its subscribers. */
function counted<T>(source$: Observable<T>) {
  const count = { open: 0, ever: 0 };
  const counted$ = new Observable<T>((subscriber) => {
    count.open++;
    count.ever++;
    subscriber.add(() => count.open--);
    return source$.subscribe(subscriber);
  });
  return { count, counted$ };
}

describe('run.sleep', () => {
  it('resolves after its span', () =>
    expectRuns({
      trigger: 'a',
      operator: (handle) => handle.switch((_a, { sleep, now }) => sleep('1s').then(now)),
      runs: '   s 999ms e',
      result: ' 1s a',
      values: { a: 1000 },
    }));

  it('of nothing resolves in the same frame', () =>
    expectRuns({
      trigger: '-a--',
      operator: (handle) => handle.switch((_a, { sleep }) => sleep(0)),
      runs: '   -(se)',
      result: ' -u--',
      values: { u: undefined },
    }));

  it.each([-1, NaN, Infinity, 'soon', ''])('refuses a span of %p', (span) =>
    expectRuns({
      trigger: '-a--',
      operator: (handle) => handle.switch(async (_a, { sleep }) => sleep(span)),
      runs: '   -(sf)',
      result: ' ----',
      errors: ' -h--',
    }),
  );

  it(
    'rejects with Cancelled when the run is aborted',
    marbleTest((helpers) => {
      const errors: unknown[] = [];
      start(
        helpers,
        async (trigger, { sleep }) => {
          if (trigger === 'a') await sleep('1h').catch((error: unknown) => errors.push(error));
        },
        'a-b',
      );
      setTimeout(() => {
        expect(errors).toMatchObject([{ name: 'Cancelled', code: 'cancelled', reason: 'switched' }]);
        expect(errors[0]).toBeInstanceOf(Cancelled);
        expect(String(errors[0])).toBe(
          'Cancelled: The run is cancelled: another trigger has taken its place.',
        );
      }, 5);
    }),
  );

  it('may be waited for several times at once', () =>
    expectRuns({
      trigger: 'a-----',
      operator: (handle) =>
        handle.switch(async (_a, { sleep }) => {
          await Promise.all([sleep(2), sleep(3)]);
          return Promise.race([sleep(9).then(() => 'late'), sleep(1).then(() => 'soon')]);
        }),
      runs: '   s---e-',
      result: ' ----a-',
      values: { a: 'soon' },
    }));
});

describe('run.next', () => {
  it(
    'gives the next value of a source, and lets go of it',
    marbleTest(({ hot, cold, start: startAgent, expectObservable, expectSubscriptions }) => {
      const source$ = cold('--x-y-|');
      const agent = defineAgent({
        name: 'agent',
        streams: ({ handle }) => ({
          result$: hot('-a').pipe(handle.switch((_a, { next }) => next(source$))),
        }),
      });
      expectObservable(startAgent(agent).streams.result$).toBe('---x');
      expectSubscriptions(source$.subscriptions).toBe('        -^-!');
    }),
  );

  it('takes what comes at once', () =>
    expectRuns({
      trigger: '-a---',
      operator: (handle) => handle.switch((_a, { next }) => next(range(7, Infinity))),
      runs: '   -(se)',
      result: ' -a---',
      values: { a: 7 },
    }));

  it.each([
    ['completes without one', EMPTY, 'EmptyError'],
    ['fails', throwError(() => new TypeError('no source')), 'TypeError'],
  ])('rejects when the source %s', (_how, source$, name) =>
    marbleTest((helpers) => {
      const errors: unknown[] = [];
      start(helpers, (_a, { next }) =>
        next<unknown>(source$).catch((error: unknown) => errors.push((error as Error).name)),
      );
      setTimeout(() => expect(errors).toEqual([name]), 5);
    })(),
  );

  it(
    'rejects when the run is aborted, and lets go of the source',
    marbleTest((helpers) => {
      const { count, counted$ } = counted(NEVER);
      start(helpers, (trigger, { next }) => (trigger === 'a' ? next(counted$) : Promise.resolve()), 'a--b');
      setTimeout(() => expect(count).toEqual({ open: 1, ever: 1 }), 2);
      setTimeout(() => expect(count).toEqual({ open: 0, ever: 1 }), 4);
    }),
  );

  it(
    'lets go of a source that aborts the run while it is being subscribed',
    marbleTest((helpers) => {
      const again$ = new Subject<string>();
      const { count, counted$ } = counted(
        new Observable<never>(() => {
          again$.next('b');
        }),
      );
      const agent = defineAgent({
        name: 'agent',
        streams: ({ handle }) => ({
          result$: again$.pipe(
            handle.switch((trigger, { next }) => (trigger === 'a' ? next(counted$) : Promise.resolve('b'))),
          ),
        }),
      });
      helpers.expectObservable(helpers.start(agent).streams.result$).toBe('-b');
      setTimeout(() => again$.next('a'), 1);
      setTimeout(() => expect(count).toEqual({ open: 0, ever: 1 }), 2);
    }),
  );

  it(
    'survives a source whose teardown throws when the run is aborted',
    marbleTest((helpers) => {
      const late: unknown[] = [];
      helpers.host.trace$.subscribe((event) => {
        if (event.type === 'run-late') late.push(event);
      });
      const source$ = new Observable<never>(() => () => {
        throw new Error('teardown');
      });
      start(helpers, (trigger, { next }) => (trigger === 'a' ? next(source$) : Promise.resolve()), 'a----b');
      helpers.expectHandlers('agent', 'result$').toBe('s----(xse)');
      setTimeout(() => expect(late).toMatchObject([{ run: 1, outcome: 'error' }]), 7);
    }),
  );
});

describe('run.each', () => {
  it(
    'iterates over a source and loses no value, however slow the loop is',
    marbleTest((helpers) => {
      const source$ = helpers.cold('--abc-d|');
      const seen: string[] = [];
      start(helpers, async (_a, { each, sleep, now }) => {
        for await (const value of each(source$)) {
          seen.push(`${value} at ${now()}`);
          await sleep(3);
        }
        seen.push(`end at ${now()}`);
      });
      helpers.expectSubscriptions(source$.subscriptions).toBe('^------!');
      setTimeout(() => {
        expect(seen).toEqual(['a at 2', 'b at 5', 'c at 8', 'd at 11', 'end at 14']);
      }, 20);
    }),
  );

  it(
    'subscribes at the first step',
    marbleTest((helpers) => {
      const source$ = helpers.cold('a|');
      start(helpers, async (_a, { each, sleep }) => {
        const values = each(source$);
        await sleep(3);
        expect(await values.next()).toEqual({ done: false, value: 'a' });
        expect(await values.next()).toEqual({ done: true, value: undefined });
      });
      helpers.expectSubscriptions(source$.subscriptions).toBe('---^!');
    }),
  );

  it(
    'lets go of the source when the loop is left',
    marbleTest((helpers) => {
      const source$ = helpers.cold('-a-b-c-d-');
      const seen: string[] = [];
      start(helpers, async (_a, { each, sleep }) => {
        for await (const value of each(source$)) {
          seen.push(value);
          if (value === 'b') break;
        }
        await sleep(9);
      });
      helpers.expectSubscriptions(source$.subscriptions).toBe('^--!');
      setTimeout(() => expect(seen).toEqual(['a', 'b']), 20);
    }),
  );

  it(
    'may be left while its next value is waited for',
    marbleTest((helpers) => {
      const { count, counted$ } = counted(NEVER);
      const seen: unknown[] = [];
      start(helpers, async (_a, { each, sleep }) => {
        const values = each(counted$);
        const next = values.next();
        await sleep(2);
        seen.push(await values.return?.(), await next, count.open);
      });
      setTimeout(() => {
        expect(seen).toEqual([{ done: true, value: undefined }, { done: true, value: undefined }, 0]);
      }, 5);
    }),
  );

  it(
    'gives the values that came before an error, then the error',
    marbleTest((helpers) => {
      const seen: unknown[] = [];
      start(helpers, async (_a, { each }) => {
        try {
          for await (const value of each(
            concat(
              of(1, 2),
              throwError(() => 'no 3'),
            ),
          ))
            seen.push(value);
        } catch (error) {
          seen.push(error);
        }
      });
      setTimeout(() => expect(seen).toEqual([1, 2, 'no 3']), 5);
    }),
  );

  it.each([
    ['waits', 0],
    ['is busy elsewhere', 1],
  ])(
    'ends with Cancelled, and lets go of the source, when the run is aborted while the loop %s',
    (_what, busy) =>
      marbleTest((helpers) => {
        const source$ = helpers.cold('-a----------');
        const ends: unknown[] = [];
        start(
          helpers,
          async (trigger, { each, sleep }) => {
            if (trigger === 'b') return;
            try {
              for await (const _value of each(source$)) if (busy === 1) await sleep('1h');
            } catch (error) {
              ends.push((error as Cancelled).reason);
            }
          },
          'a----b',
        );
        helpers.expectSubscriptions(source$.subscriptions).toBe('^----!');
        setTimeout(() => expect(ends).toEqual(['switched']), 9);
      })(),
  );

  it(
    'is in a loop within a loop of a loop as exact as any',
    marbleTest((helpers) => {
      const ticks$ = timer(1, 1, undefined);
      const seen: number[] = [];
      start(helpers, async (_a, { each, now, sleep }) => {
        for await (const _x of each(of(1)))
          for await (const _y of each(of(1)))
            for await (const _z of each(ticks$)) {
              if (seen.push(now()) === 3) return;
              await sleep(0);
            }
      });
      setTimeout(() => expect(seen).toEqual([1, 2, 3]), 9);
    }),
  );
});

describe('run.external', () => {
  it(
    'gives what the promise gives',
    marbleTest((helpers) => {
      const seen: unknown[] = [];
      start(helpers, async (_a, { external }) => {
        seen.push(await external(Promise.resolve(1)));
        seen.push(
          await external(Promise.reject(new Error('2'))).catch((error: unknown) => (error as Error).message),
        );
      });
      setTimeout(() => expect(seen).toEqual([1, '2']), 5);
    }),
  );

  it(
    'gives up when the run is aborted, whatever the promise does',
    marbleTest((helpers) => {
      const again$ = new Subject<string>();
      const ends: unknown[] = [];
      const agent = defineAgent({
        name: 'agent',
        streams: ({ handle }) => ({
          result$: again$.pipe(
            handle.switch(async (trigger, { external }) => {
              if (trigger === 'b') return;
              queueMicrotask(() => again$.next('b'));
              await external(new Promise(() => undefined)).catch((error: unknown) => ends.push(error));
            }),
          ),
        }),
      });
      helpers.expectHandlers(agent, 'result$').toBe('-(sxse)');
      helpers.start(agent);
      setTimeout(() => again$.next('a'), 1);
      setTimeout(() => expect(ends).toMatchObject([{ reason: 'switched' }]), 2);
    }),
  );
});

describe('What a run waits for', () => {
  it(
    'is in the ledger by kind, name and instant, and in the trace',
    marbleTest((helpers) => {
      const events: TraceEvent[] = [];
      helpers.host.trace$.subscribe((event) => {
        if (event.type === 'run-parked' || event.type === 'run-resumed') events.push(event);
      });
      const source$ = new Subject<number>();
      start(helpers, async (_a, { sleep, next, each }) => {
        await sleep('3s');
        await next(source$, 'a number');
        for await (const _value of each(source$, 'numbers')) break;
      });
      const parked = (ms: number, entry: object) =>
        setTimeout(() => expect(helpers.host.ledger()).toMatchObject([{ kind: 'run', parked: [entry] }]), ms);
      parked(1000, { on: 'sleep', detail: '3s', since: 0 });
      parked(4000, { on: 'next', detail: 'a number', since: 3000 });
      setTimeout(() => source$.next(1), 5000);
      parked(6000, { on: 'each', detail: 'numbers', since: 5000 });
      setTimeout(() => source$.next(2), 7000);
      setTimeout(() => {
        expect(helpers.host.ledger()).toEqual([]);
        expect(
          events.map((event) =>
            event.type === 'run-parked'
              ? `${event.on} ${event.detail}`
              : event.type === 'run-resumed'
                ? event.from
                : '',
          ),
        ).toEqual(['sleep 3s', 'sleep', 'next a number', 'next', 'each numbers', 'each']);
      }, 8000);
    }),
  );

  it(
    'may be several things at once',
    marbleTest((helpers) => {
      start(helpers, (_a, { sleep, next }) => Promise.all([sleep(20), next(timer(10), 'a timer')]));
      setTimeout(() => {
        expect(helpers.host.ledger()).toMatchObject([{ parked: [{ on: 'sleep' }, { on: 'next' }] }]);
      }, 5);
      setTimeout(() => expect(helpers.host.ledger()).toMatchObject([{ parked: [{ on: 'sleep' }] }]), 15);
    }),
  );
});

describe('The functions of a run', () => {
  const uses: [string, (run: Run) => Promise<unknown>][] = [
    ['sleep', ({ sleep }) => sleep(1)],
    ['next', ({ next }) => next(of(1))],
    ['each', ({ each }) => each(of(1)).next()],
    ['external', ({ external }) => external(Promise.resolve(1))],
  ];

  it.each(uses)('reject when they are used after its end: %s', (_name, use) =>
    marbleTest((helpers) => {
      const runs: Run[] = [];
      const errors: unknown[] = [];
      start(helpers, async (_a, run) => runs.push(run));
      setTimeout(() => void use(runs[0]!).catch((error: unknown) => errors.push(error)), 2);
      setTimeout(() => expect(errors).toMatchObject([{ code: 'cancelled', reason: 'settled' }]), 9);
    })(),
  );

  it.each(uses)('reject when they were taken off it before its abort: %s', (_name, use) =>
    marbleTest((helpers) => {
      const taken: Run[] = [];
      const errors: unknown[] = [];
      start(
        helpers,
        async (trigger, { sleep, next, each, external }) => {
          if (trigger === 'a') taken.push({ sleep, next, each, external } as Run);
          await sleep(9);
        },
        'a-b',
      );
      setTimeout(() => void use(taken[0]!).catch((error: unknown) => errors.push(error)), 3);
      setTimeout(() => expect(errors).toMatchObject([{ code: 'cancelled', reason: 'switched' }]), 5);
    })(),
  );

  it(
    'reject what is waited for when the handler returns without waiting',
    marbleTest((helpers) => {
      const errors: unknown[] = [];
      const { count, counted$ } = counted(NEVER);
      start(helpers, async (_a, { sleep, next, each }) => {
        for (const wait of [sleep('1h'), next(counted$), each(counted$).next()])
          wait.catch((error: unknown) => errors.push((error as Cancelled).reason));
      });
      setTimeout(() => {
        expect(errors).toEqual(['settled', 'settled', 'settled']);
        expect(count).toEqual({ open: 0, ever: 2 });
        expect(helpers.host.ledger()).toEqual([]);
      }, 5);
    }),
  );
});
