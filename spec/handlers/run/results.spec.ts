import { concat, delay, EMPTY, NEVER, Observable, of, range, take, throwError } from 'rxjs';
import { defineAgent, type Handler, type Run } from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';
import { expectRuns } from '../support/expectRuns';

type AnyHandler = Handler<string, unknown>;

/** A handler that gives what its type forbids. */
const loosely = (handler: (trigger: string, run: Run) => unknown): AnyHandler => handler as AnyHandler;

const once = (
  handler: AnyHandler,
  rows: { runs: string; result: string; errors?: string; values?: object },
) =>
  expectRuns({
    trigger: 'a',
    operator: (handle) => handle.switch(handler),
    ...(rows as { runs: string; result: string }),
  });

describe('What a handler returns', () => {
  it.each([
    ['a plain value', 'A'],
    ['nothing', undefined],
    ['null', null],
    ['a text, which is no list of letters', 'text'],
    ['a list, which is one value', [1, 2]],
    ['a function', () => 1],
  ])('may be %s', (_what, value) =>
    once(
      loosely(() => value),
      { runs: '(se)', result: 'v', values: { v: value } },
    ),
  );

  it('may be a promise', () =>
    once((_trigger, { sleep }) => sleep(3).then(() => 'A'), { runs: 's--e', result: '---A' }));

  it('may be a thenable', () => {
    const thenable = { then: (resolve: (value: string) => void) => setTimeout(resolve, 3, 'A') };
    return once(
      loosely(() => thenable),
      { runs: 's--e', result: '---A' },
    );
  });

  it('may be a thenable that calls back at once, and more than once', () => {
    const thenable = {
      then: (resolve: (value: string) => void, reject: (error: unknown) => void) => {
        resolve('A');
        resolve('B');
        reject(new Error('C'));
      },
    };
    return once(
      loosely(() => thenable),
      { runs: '(se)', result: 'A' },
    );
  });

  it('may be a thenable that throws', () =>
    once(
      loosely(() => ({
        then: () => {
          throw new Error('no thenable');
        },
      })),
      { runs: '(sf)', result: '', errors: 'h' },
    ));

  describe('as an Observable', () => {
    it('is emitted as it comes', () =>
      once(() => concat(of('A'), of('B').pipe(delay(2)), of('C').pipe(delay(3))), {
        runs: 's----e',
        result: 'A-B--C',
      }));

    it('may be synchronous', () => once(() => of('A', 'B'), { runs: '(se)', result: '(AB)' }));

    it('may be empty', () => once(() => EMPTY, { runs: '(se)', result: '' }));

    it('may never end', () => once(() => NEVER, { runs: 's---', result: '----' }));

    it('may fail after some values', () =>
      once(
        () =>
          concat(
            of('A').pipe(delay(2)),
            throwError(() => new Error('B')),
          ),
        {
          runs: 's-f',
          result: '--A',
          errors: '--h',
        },
      ));

    it(
      'is unsubscribed when the run is aborted',
      marbleTest(({ cold, hot, start, expectObservable, expectSubscriptions }) => {
        const trigger$ = hot(' --a---a------');
        const values$ = cold('   -x-y-z-|');
        const result = '       ---x-y-x-y-z-';
        const subscriptions = ['--^---!      ', '------^------!'];
        const agent = defineAgent({
          name: 'agent',
          streams: ({ handle }) => ({ result$: trigger$.pipe(handle.switch(() => values$)) }),
        });
        expectObservable(start(agent).streams.result$).toBe(result);
        expectSubscriptions(values$.subscriptions).toBe(subscriptions);
      }),
    );

    it('that has no end is left at once when a value of it ends the run', () =>
      expectRuns({
        trigger: '     a---',
        operator: (handle) => (source$) =>
          source$.pipe(
            handle.switch(() => range(1, Infinity)),
            take(3),
          ),
        runs: '        (sx)',
        result: '      (123|)',
        values: { 1: 1, 2: 2, 3: 3 },
      }));

    it(
      'may throw in its teardown, which goes where a late result goes',
      marbleTest(({ hot, start, host, expectObservable, expectHandlers }) => {
        const late: unknown[] = [];
        host.trace$.subscribe((event) => {
          if (event.type === 'run-late') late.push(event.result);
        });
        const agent = defineAgent({
          name: 'agent',
          streams: ({ handle }) => ({
            result$: hot('a----b---').pipe(
              handle.switch(
                (trigger) =>
                  new Observable<string>(() => () => {
                    throw new Error(`teardown of ${trigger}`);
                  }),
              ),
            ),
            other$: hot(' -----c---'),
          }),
        });
        const { streams } = start(agent);
        expectObservable(streams.other$).toBe('-----c---');
        expectHandlers(agent, 'result$').toBe('s----(xs)');
        setTimeout(() => {
          expect(late).toEqual([
            expect.objectContaining({ message: expect.stringContaining('teardown of a') }),
          ]);
        }, 6);
      }),
    );
  });

  describe('as an async iterable', () => {
    it('is emitted as it comes [B24]', () =>
      once(
        async function* (_trigger, { sleep }) {
          yield 'A';
          await sleep(2);
          yield 'B';
          await sleep(3);
        },
        { runs: 's----e', result: 'A-B' },
      ));

    it(
      'runs its finally when it is switched away, after two values [B24]',
      marbleTest(({ hot, start, expectObservable, expectHandlers }) => {
        const ends: string[] = [];
        const agent = defineAgent({
          name: 'agent',
          streams: ({ handle, time }) => ({
            result$: hot('a 2499ms b').pipe(
              handle.switch(async function* (trigger, { sleep }) {
                try {
                  for (const second of [1, 2, 3]) {
                    await sleep('1s');
                    if (trigger === 'a') yield second;
                  }
                } finally {
                  ends.push(`${trigger} at ${time.now()}`);
                }
              }),
            ),
          }),
        });
        expectObservable(start(agent).streams.result$).toBe('1s a 999ms b', { a: 1, b: 2 });
        expectHandlers(agent, 'result$').toBe('s 2499ms (xs) 2996ms e');
        setTimeout(() => expect(ends).toEqual(['a at 2500', 'b at 5500']), 6000);
      }),
    );

    it(
      'that waits for something foreign runs its finally when that has come',
      marbleTest(({ hot, start, host, expectHandlers }) => {
        const ends: number[] = [];
        const agent = defineAgent({
          name: 'agent',
          streams: ({ handle, time }) => ({
            result$: hot('a--b-').pipe(
              handle.switch(async function* (trigger) {
                try {
                  if (trigger === 'a') await new Promise((resolve) => setTimeout(resolve, 9));
                  yield trigger;
                } finally {
                  ends.push(time.now());
                }
              }),
            ),
          }),
        });
        start(agent);
        expectHandlers(agent, 'result$').toBe('s--(xse)');
        setTimeout(() => expect(host.ledger()).toMatchObject([{ run: 1, isAborted: true }]), 8);
        setTimeout(() => {
          expect(ends).toEqual([3, 9]);
          expect(host.ledger()).toEqual([]);
        }, 10);
      }),
    );

    it('may throw in its finally, which goes where a late result goes', () =>
      expectRuns({
        trigger: '     a----b---',
        operator: (handle) =>
          handle.switch(async function* (trigger, { sleep }) {
            if (trigger === 'b') return;
            try {
              await sleep('1h');
              yield 'never';
            } finally {
              // eslint-disable-next-line no-unsafe-finally -- That is the case.
              throw new Error('in finally');
            }
          }),
        runs: '        s----(xse)',
        result: '      ----------',
      }));

    it('may fail', () =>
      once(
        async function* () {
          yield 'A';
          throw new Error('no B');
        },
        { runs: '(sf)', result: 'A', errors: 'h' },
      ));

    const iterable = (iterator: object): AsyncIterable<unknown> =>
      ({ [Symbol.asyncIterator]: () => iterator }) as AsyncIterable<unknown>;

    it('may have no return', () =>
      expectRuns({
        trigger: '     a----b---',
        operator: (handle) => handle.switch(() => iterable({ next: () => new Promise(() => undefined) })),
        runs: '        s----(xs)',
        result: '      ---------',
      }));

    it(
      'may return slowly: the run is in the ledger meanwhile',
      marbleTest(({ hot, start, host }) => {
        const agent = defineAgent({
          name: 'agent',
          streams: ({ handle }) => ({
            result$: hot('a----').pipe(
              handle.switch(() =>
                iterable({
                  next: () => new Promise(() => undefined),
                  return: () => new Promise((resolve) => setTimeout(resolve, 5, { done: true })),
                }),
              ),
            ),
          }),
        });
        const { stop } = { stop: start(agent) };
        setTimeout(() => void stop.stop().then((report) => expect(report.left).toEqual([])), 3);
        setTimeout(() => expect(host.ledger()).toMatchObject([{ kind: 'run', isAborted: true }]), 7);
        setTimeout(() => expect(host.ledger()).toEqual([]), 9);
      }),
    );

    it.each([
      [
        'throw at once where it should reject',
        () => {
          throw new Error('next');
        },
      ],
      ['reject', () => Promise.reject(new Error('next'))],
    ])('may %s', (_how, next) => once(() => iterable({ next }), { runs: '(sf)', result: '', errors: 'h' }));

    it('may throw at its second step where it should reject', () => {
      let steps = 0;
      const next = () => {
        if (++steps === 2) throw new Error('second');
        return Promise.resolve({ done: false, value: 'A' });
      };
      return once(() => iterable({ next }), { runs: '(sf)', result: 'A', errors: 'h' });
    });

    it('may give its results as they are', () => {
      let steps = 0;
      const next = () => ({ done: ++steps > 2, value: steps });
      return once(() => iterable({ next }), { runs: '(se)', result: '(ab)', values: { a: 1, b: 2 } });
    });

    it('may throw in its return', () =>
      expectRuns({
        trigger: '     a----b---',
        operator: (handle) =>
          handle.switch(() =>
            iterable({
              next: () => new Promise(() => undefined),
              return: () => {
                throw new Error('return');
              },
            }),
          ),
        runs: '        s----(xs)',
        result: '      ---------',
      }));
  });
});
