import { distinctUntilKeyChanged, filter, map } from 'rxjs';
import {
  type AgentError,
  defineAgent,
  handle,
  HandlerError,
  type RetryOptions,
  type Run,
} from 'rx-agent-kit';
import { marbleTest, runMarbles } from 'rx-agent-kit/testing';
import { expectRuns, failsAfter } from '../support/expectRuns';

const fails = (): Promise<never> => Promise.reject(new Error('no luck'));

/** Succeeds at an attempt. */
const succeedsAt = (last: number) => async (trigger: string, run: Run) => {
  if (run.attempt < last) throw new Error(`attempt ${run.attempt}`);
  return trigger;
};

describe('retry', () => {
  it(
    'runs at 0, 1, 3 and 7 s and then reports one error, of attempt 4 [B22]',
    marbleTest(({ cold, host, start, expectObservable, expectHandlers }) => {
      const agent = defineAgent({
        name: 'agent',
        streams: ({ handle }) => ({
          result$: cold('a').pipe(handle.switch(fails, { retry: { count: 3, backoff: '1s' } })),
        }),
      });
      const errors$ = host.errors$.pipe(
        filter((error) => error instanceof HandlerError),
        map(({ code, attempt, cause, trigger }) => ({ code, attempt, cause, trigger })),
      );
      expectObservable(errors$).toBe('7s e', {
        e: { code: 'handler-failed', attempt: 4, cause: new Error('no luck'), trigger: 'a' },
      });
      start(agent);
      expectHandlers(agent, 'result$').toBe('(sf) 996ms (sf) 1996ms (sf) 3996ms (sf)');
    }),
  );

  it('ends with the first attempt that succeeds', () =>
    expectRuns({
      trigger: '-a---------------',
      operator: (handle) => handle.concat(succeedsAt(3), { retry: { count: 5, backoff: 4 } }),
      runs: '   -(sf)(sf)----(se)',
      result: ' -------------a---',
    }));

  it('counts the wait from the failure', () =>
    expectRuns({
      trigger: 'a-----------',
      operator: (handle) => handle.concat(failsAfter(2), { retry: { count: 1, backoff: 4 } }),
      runs: '   s-f---s-f---',
      result: ' ------------',
      errors: ' --------h---',
    }));

  it('keeps its place: the next job of concat waits for the last attempt', () =>
    expectRuns({
      trigger: 'ab-----------------------',
      operator: (handle) => handle.concat(failsAfter(4), { retry: { count: 1, backoff: 4 } }),
      runs: '   s---f---s---(fs)f---s---f',
      result: ' -------------------------',
      errors: ' ------------h-----------h',
    }));

  it('is aborted in the pause by the next trigger of switch', () =>
    expectRuns({
      trigger: 'a----b-------',
      operator: (handle) =>
        handle.switch((trigger, run) => (trigger === 'a' ? fails() : succeedsAt(1)(trigger, run)), {
          retry: { count: 1, backoff: 9 },
        }),
      runs: '   (sf)-(xse)---',
      result: ' -----b-------',
    }));

  it('does not begin when the next trigger comes at the instant at which the pause ends', () =>
    expectRuns({
      trigger: 'a-----b---------',
      operator: (handle) =>
        handle.switch(
          async (trigger, { attempt }) => {
            if (trigger === 'a' && attempt === 1) throw new Error('first');
            return trigger;
          },
          { retry: { count: 1, backoff: 6 } },
        ),
      runs: '   (sf)--(xse)-----',
      result: ' ------b---------',
    }));

  it('waits no longer than maxBackoff', () =>
    expectRuns({
      trigger: 'a-----------------',
      operator: (handle) =>
        handle.concat(fails, { retry: { count: 3, backoff: 5, factor: 10, maxBackoff: 5 } }),
      runs: '   (sf)-(sf)-(sf)-(sf)',
      result: ' ------------------',
      errors: ' ---------------h--',
    }));

  it('may wait not at all, however often', () =>
    runMarbles(({ cold, start, expectObservable }) => {
      const agent = defineAgent({
        name: 'agent',
        streams: ({ handle }) => ({
          result$: cold('-a').pipe(
            handle.switch(
              async (_a, { attempt, now }) => {
                if (attempt < 2000) throw new Error('again');
                return now();
              },
              { retry: { count: Infinity, backoff: 0 } },
            ),
          ),
        }),
      });
      expectObservable(start(agent).streams.result$).toBe('-a', { a: 1 });
    }));

  it('spreads its waits by the random source of the host', async () => {
    const instants = async (seed: number): Promise<number[]> => {
      const { trace } = await runMarbles(
        ({ cold, start }) => {
          const retry: RetryOptions = { count: 4, backoff: '1s', factor: 1, jitter: 0.5 };
          start(
            defineAgent({
              name: 'agent',
              streams: ({ handle }) => ({ result$: cold('a').pipe(handle.switch(fails, { retry })) }),
            }),
          );
        },
        { seed, assertsElsewhere: true },
      );
      return trace.filter(({ type }) => type === 'run-started').map(({ at }) => at);
    };
    const starts = await instants(1);
    const waits = starts.slice(1).map((at, index) => at - starts[index]!);
    for (const wait of waits) {
      expect(wait).toBeGreaterThanOrEqual(500);
      expect(wait).toBeLessThanOrEqual(1500);
    }
    expect(new Set(waits).size).toBe(4);
    expect(await instants(1)).toEqual(starts);
    expect(await instants(2)).not.toEqual(starts);
  });

  it(
    'shows the run in the ledger as parked on its pause',
    marbleTest(({ cold, host, start }) => {
      start(
        defineAgent({
          name: 'agent',
          streams: ({ handle }) => ({
            result$: cold('-a').pipe(handle.switch(fails, { retry: { count: 1, backoff: '1m' } })),
          }),
        }),
      );
      setTimeout(() => {
        expect(host.ledger()).toMatchObject([
          { attempt: 2, isAborted: false, parked: [{ on: 'retry', detail: '1m', since: 1 }] },
        ]);
      }, 100);
    }),
  );

  it(
    'leaves nothing when it is stopped in the pause',
    marbleTest(async ({ cold, host, clock, start }) => {
      const agent = start(
        defineAgent({
          name: 'agent',
          streams: ({ handle }) => ({
            result$: cold('-a').pipe(handle.switch(fails, { retry: { count: 1, backoff: '1m' } })),
          }),
        }),
      );
      await clock.sleep('10s');
      expect((await agent.stop()).left).toEqual([]);
      expect(host.ledger()).toEqual([]);
      expect(agent.ledger()).toEqual([]);
      expect(Date.now()).toBe(10_000);
    }),
  );

  it('asks when() whether an attempt is repeated, with what it has failed with and its number', async () => {
    const asked: unknown[] = [];
    await expectRuns({
      trigger: 'a-----------------',
      operator: (handle) =>
        handle.concat(
          async (_a, { attempt }) => {
            throw new Error(`attempt ${attempt}`);
          },
          {
            retry: {
              count: Infinity,
              backoff: 5,
              factor: 1,
              when: (error, attempt) => {
                asked.push([(error as Error).message, attempt]);
                return attempt < 3;
              },
            },
          },
        ),
      runs: '   (sf)-(sf)-(sf)----',
      result: ' ------------------',
      errors: ' ----------h-------',
    });
    expect(asked).toEqual([
      ['attempt 1', 1],
      ['attempt 2', 2],
      ['attempt 3', 3],
    ]);
  });

  it('does not ask when() once the count is used up, and tells it of a timeout by its code', async () => {
    const asked: unknown[] = [];
    await expectRuns({
      trigger: 'a-----------------',
      operator: (handle) =>
        handle.concat((_a, { sleep }) => sleep('1h'), {
          timeout: 4,
          retry: { count: 1, backoff: 1, when: (error) => asked.push((error as AgentError).code) > 0 },
        }),
      runs: '   s---fs---f--------',
      result: ' ------------------',
      errors: ' ---------t--------',
    });
    expect(asked).toEqual(['timeout']);
  });

  it.each<[string, () => boolean, unknown]>([
    [
      'throws',
      () => {
        throw new RangeError('when');
      },
      new RangeError('when'),
    ],
    ['gives a promise', async () => true, expect.objectContaining({ code: 'bad-option' })],
  ] as never)('fails with what when() %s, once', (_what, when, cause) =>
    marbleTest(async ({ cold, start, clock }) => {
      const agent = start(
        defineAgent({
          name: 'agent',
          streams: ({ handle }) => ({
            result$: cold('-a').pipe(handle.switch(fails, { retry: { count: 3, when: when } })),
          }),
        }),
      );
      const errors: unknown[] = [];
      agent.errors$.subscribe((error) => errors.push(error));
      await clock.sleep('1m');
      expect(errors).toEqual([expect.objectContaining({ code: 'handler-failed', cause, attempt: 1 })]);
      expect(agent.health.status).toBe('bad');
    })(),
  );

  describe('unhealthyAfter', () => {
    /** The health of an agent whose handler succeeds at an attempt. */
    const healthOf = async (succeeds: number, retry: Partial<RetryOptions>): Promise<string[]> => {
      const seen: string[] = [];
      await runMarbles(
        async ({ cold, start, clock }) => {
          const agent = start(
            defineAgent({
              name: 'agent',
              streams: ({ handle }) => ({
                result$: cold('-a').pipe(
                  handle.switch(succeedsAt(succeeds), {
                    retry: { count: Infinity, backoff: 10, factor: 1, ...retry },
                  }),
                ),
              }),
            }),
          );
          const changes$ = agent.health$.pipe(distinctUntilKeyChanged('status'));
          changes$.subscribe(({ status }) => seen.push(`${clock.now()} ${status}`));
          await clock.sleep(100);
          await agent.stop();
        },
        { assertsElsewhere: true },
      );
      return seen;
    };

    it('makes the health bad after three failed attempts by default, until one succeeds', async () => {
      expect(await healthOf(6, {})).toEqual(['0 starting', '0 good', '21 bad', '51 good', '100 stopped']);
    });

    it('says nothing of fewer', async () => {
      expect(await healthOf(3, {})).toEqual(['0 starting', '0 good', '100 stopped']);
    });

    it('may be another number, or never', async () => {
      expect(await healthOf(3, { unhealthyAfter: 1 })).toEqual([
        '0 starting',
        '0 good',
        '1 bad',
        '21 good',
        '100 stopped',
      ]);
      expect(await healthOf(9, { unhealthyAfter: Infinity })).toEqual([
        '0 starting',
        '0 good',
        '100 stopped',
      ]);
    });

    it('counts anew for each trigger, and says what is wrong', () =>
      runMarbles(async ({ hot, start, clock, host }) => {
        const agent = start(
          defineAgent({
            name: 'agent',
            streams: ({ handle }) => ({
              result$: hot('-a 29ms b').pipe(
                handle.switch(fails, { retry: { count: Infinity, backoff: 10, factor: 1 } }),
              ),
            }),
          }),
        );
        const errors: unknown[] = [];
        host.errors$.subscribe((error) => errors.push(error));
        await clock.sleep(22);
        expect(agent.health).toEqual({
          status: 'bad',
          reason: 'agent.result$: fails goes on failing, and is tried again: no luck',
          since: 21,
        });
        await clock.sleep(20);
        expect(agent.health.status).toBe('bad');
        expect(errors).toEqual([]);
        await agent.stop();
        expect(agent.health.status).toBe('stopped');
      }));
  });

  it.each<[string, Partial<RetryOptions>, string]>([
    ['a negative count', { count: -1 }, 'retry.count: -1'],
    ['half a retry', { count: 1.5 }, 'retry.count: 1.5'],
    ['a factor below one', { factor: 0.5 }, 'retry.factor: 0.5'],
    ['an infinite factor', { factor: Infinity }, 'retry.factor: Infinity'],
    ['a jitter above one', { jitter: 2 }, 'retry.jitter: 2'],
    ['a jitter that is no number', { jitter: NaN }, 'retry.jitter: NaN'],
    ['a when that is no function', { when: true as never }, 'retry.when: true'],
    ['an unhealthyAfter of none', { unhealthyAfter: 0 }, 'retry.unhealthyAfter: 0'],
    ['half an unhealthyAfter', { unhealthyAfter: 2.5 }, 'retry.unhealthyAfter: 2.5'],
    ['a backoff that is no duration', { backoff: 'soon' }, '"soon" is no duration'],
    ['a negative maxBackoff', { maxBackoff: -1 }, '-1 is no duration'],
  ])('refuses %s', (_what, retry, message) =>
    marbleTest(({ cold, start }) => {
      const agent = defineAgent({
        name: 'agent',
        streams: ({ handle }) => ({
          result$: cold('a').pipe(handle.switch(fails, { retry: { count: 1, ...retry } })),
        }),
      });
      expect(() => start(agent)).toThrow(message);
    })(),
  );
});

describe('The backoff of a retry', () => {
  it.each([
    ['its first wait', { backoff: 2 }, '2ms 4ms 8ms'],
    ['how all are', { backoff: { from: 2, factor: 3 } }, '2ms 6ms 18ms'],
    ['the longest', { backoff: { from: 2, to: 5 } }, '2ms 4ms 5ms'],
    [
      'both, of which it has the last word',
      { backoff: { from: 2, factor: 1 }, factor: 9, maxBackoff: 3 },
      '2ms 2ms 2ms',
    ],
  ])('is said by %s', async (_what, backoff, waits) => {
    const at: number[] = [];
    await runMarbles(
      ({ hot, clock }) => {
        const operator = handle.switch(
          async () => {
            at.push(clock.now());
            throw new Error('no luck');
          },
          { retry: { count: 3, ...backoff }, onError: 'continue' },
        );
        hot('a').pipe(operator).subscribe();
      },
      { assertsElsewhere: true },
    );
    expect(
      at
        .slice(1)
        .map((instant, index) => `${instant - at[index]!}ms`)
        .join(' '),
    ).toBe(waits);
  });

  it('refuses what is neither', () => {
    const retry = (backoff: unknown) => () =>
      handle.switch(async () => 1, { retry: { count: 1, backoff } as never });
    expect(retry('soon')).toThrow(expect.objectContaining({ code: 'bad-duration' }));
    expect(retry({ from: 1, most: 2 })).toThrow(/retry\.backoff has no option "most"/);
  });
});
