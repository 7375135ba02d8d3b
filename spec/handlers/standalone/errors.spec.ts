import { config, lastValueFrom, Observable, of, Subject } from 'rxjs';
import {
  type AgentError,
  handle,
  HandlerError,
  type LogFields,
  silentLog,
  type StandaloneOptions,
} from 'rx-agent-kit';
import { marbleTest, runMarbles } from 'rx-agent-kit/testing';
import { failsAfter, takes } from '../support/expectRuns';

const boom = new Error('boom');

describe('An error in a handler without an agent', () => {
  it.each(['switch', 'concat', 'merge', 'exhaust'] as const)(
    'ends the stream of %s with what the handler has thrown',
    (policy) =>
      marbleTest(({ hot, expectObservable, expectSubscriptions }) => {
        const trigger$ = hot('a--b---');
        expectObservable(trigger$.pipe(handle[policy](failsAfter(2, boom)))).toBe('--#', {}, boom);
        expectSubscriptions(trigger$.subscriptions).toBe('^-!');
      })(),
  );

  it(
    'ends it when all retries are used up',
    marbleTest(({ hot, expectObservable }) => {
      const operator = handle.switch(failsAfter(2, boom), { retry: { count: 2, backoff: 3, factor: 1 } });
      expectObservable(hot('a').pipe(operator)).toBe('12ms #', {}, boom);
    }),
  );

  it(
    'aborts the other runs',
    marbleTest(async ({ hot, clock }) => {
      const aborted: string[] = [];
      hot('ab')
        .pipe(
          handle.merge(async (trigger, { signal, sleep }) => {
            signal.addEventListener('abort', () => aborted.push(trigger));
            await sleep(trigger === 'a' ? '1h' : 3);
            throw boom;
          }),
        )
        .subscribe({ error: () => aborted.push('told') });
      await clock.sleep(10);
      expect(aborted).toEqual(['told', 'a']);
    }),
  );

  it('takes no further trigger of a source that emits at once', () => {
    const given: number[] = [];
    const told: unknown[] = [];
    const emitted: number[] = [];
    new Observable<number>((subscriber) => {
      for (let value = 1; value <= 3 && !subscriber.closed; value++) {
        emitted.push(value);
        subscriber.next(value);
      }
    })
      .pipe(
        handle.merge((value) => {
          given.push(value);
          throw boom;
        }),
      )
      .subscribe({ error: (error: unknown) => told.push(error) });
    expect({ given, told, emitted }).toEqual({ given: [1], told: [boom], emitted: [1] });
  });

  it.each<[string, string, StandaloneOptions & { buffer?: number }]>([
    ['a timeout', 'timeout', { timeout: 5 }],
    ['an overflow', 'overflow', { buffer: 0 }],
  ])('is a HandlerError for %s', (_what, code, options) =>
    marbleTest(async ({ hot, clock }) => {
      const told: unknown[] = [];
      hot('ab')
        .pipe(handle.concat(takes(20), options))
        .subscribe({ error: (error: unknown) => told.push(error) });
      await clock.sleep(10);
      expect(told).toEqual([expect.any(HandlerError)]);
      expect(told).toMatchObject([{ code, agent: undefined, stream: 'handle.concat' }]);
      expect((told[0] as Error).message).toMatch(/^handle\.concat: the handler failed at attempt \d: /);
    })(),
  );

  it(
    'is that of a key, or of an until, as well',
    marbleTest(({ hot, expectObservable }) => {
      const fails = (): never => {
        throw boom;
      };
      expectObservable(hot('a').pipe(handle.switch(takes(2), { key: fails }))).toBe('#', {}, boom);
      expectObservable(hot('a').pipe(handle.switch(takes(2), { until: fails }))).toBe('#', {}, boom);
    }),
  );

  it(
    'goes to onFailure where the stream is to continue',
    marbleTest(({ hot, expectObservable }) => {
      const failures$ = new Subject<string>();
      const operator = handle.concat(
        async function save(trigger: string) {
          if (trigger === 'a') throw boom;
          return trigger;
        },
        {
          onError: 'continue',
          onFailure: ({ message, handler, trigger }) => {
            failures$.next([message, handler, trigger].join('; '));
          },
        },
      );
      expectObservable(failures$).toBe('f', { f: 'handle.concat: save failed at attempt 1: boom; save; a' });
      expectObservable(hot('a--b').pipe(operator)).toBe('---b');
    }),
  );

  it('is written to the log without onFailure', async () => {
    const lines: unknown[] = [];
    const error = (message: string, fields?: LogFields) => lines.push([message, fields]);
    const continued$ = of('a', 'b').pipe(
      handle.merge(
        async (trigger) => {
          if (trigger === 'a') throw boom;
          return trigger;
        },
        { onError: 'continue', log: { ...silentLog, error } },
      ),
    );
    expect(await lastValueFrom(continued$)).toBe('b');
    expect(lines).toEqual([
      [
        'handle.merge: the handler failed at attempt 1: boom',
        { stream: 'handle.merge', code: 'handler-failed', cause: boom },
      ],
    ]);
  });

  it('is in the report of a marble test without onFailure', async () => {
    const test = runMarbles(({ hot, expectObservable }) => {
      const operator = handle.concat(failsAfter(1, boom), { onError: 'continue' });
      expectObservable(hot('a').pipe(operator)).toBe('-x');
    });
    await expect(test).rejects.toMatchObject({
      report: { errors: [{ code: 'handler-failed', cause: boom }] },
      message: expect.stringContaining('handle.concat: the handler failed at attempt 1: boom'),
    });
  });

  it(
    'of onFailure itself is reported as RxJS reports what nobody handles, and the stream goes on',
    marbleTest(async ({ hot, clock }) => {
      const unhandled: unknown[] = [];
      const before = config.onUnhandledError;
      config.onUnhandledError = (error: unknown) => unhandled.push(error);
      try {
        hot('a')
          .pipe(
            handle.merge(failsAfter(1), {
              onError: 'continue',
              onFailure: () => {
                throw boom;
              },
            }),
          )
          .subscribe();
        await clock.sleep(10);
        expect(unhandled).toEqual([boom]);
      } finally {
        config.onUnhandledError = before;
      }
    }),
  );

  it(
    'of what there is nothing to offload to says so',
    marbleTest(async ({ hot, clock }) => {
      const told: string[] = [];
      hot('a')
        .pipe(
          handle.merge(async (_trigger, { offload }) => {
            await offload(() => 1).catch((error: unknown) => {
              const { code, message } = error as AgentError;
              told.push(`${code}: ${message}`);
            });
          }),
        )
        .subscribe();
      await clock.sleep(10);
      expect(told).toEqual([
        expect.stringMatching(/^cannot-offload: handle\.merge: there is nothing here to offload work to\./),
      ]);
    }),
  );
});

describe('The options of a handler without an agent', () => {
  it.each<[string, object, string]>([
    [
      'restart',
      { onError: 'restart' },
      `"restart" is for an agent's handlers. Here there are 'error' and 'continue'`,
    ],
    ['stop', { onError: 'stop' }, `"stop" is for an agent's handlers`],
    ['onStop', { onStop: 'drain' }, 'handle.switch has no option "onStop"'],
    ['what is no scheduler', { scheduler: {} }, 'handle.switch: scheduler: {} has to be a scheduler of RxJS'],
    ['what is no log', { log: {} }, 'handle.switch: log: {} has to be a log'],
    ['onFailure where errors end the stream', { onFailure: () => 1 }, "onError: 'continue' only"],
    ['a queue for switch', { buffer: 1 }, 'handle.switch has no option "buffer"'],
  ])('do not include %s', (_what, options, message) => {
    expect(() => handle.switch(async () => 1, options)).toThrow(
      expect.objectContaining({ code: 'bad-option', message: expect.stringContaining(message) }),
    );
  });

  it('need a function to go with', () => {
    expect(() => of(1).pipe(handle.merge(5 as never))).toThrow(
      expect.objectContaining({
        code: 'bad-option',
        message: expect.stringContaining('handle.merge needs a function'),
      }),
    );
  });
});
