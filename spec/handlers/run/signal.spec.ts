import { Cancelled, defineAgent, type HandlerOptions, type Run } from 'rx-agent-kit';
import { type MarbleHelpers, marbleTest } from 'rx-agent-kit/testing';

type Use = (run: Run, trigger: string) => unknown;

/** Starts an agent whose handler looks at its run, then sleeps for 5. */
function start(
  { hot, start: startAgent }: MarbleHelpers,
  trigger: string,
  use: Use,
  options?: HandlerOptions,
) {
  const agent = defineAgent({
    name: 'agent',
    streams: ({ handle }) => ({
      result$: hot(trigger).pipe(
        handle.switch(async (value, run) => {
          await use(run, value);
          await run.sleep(5);
        }, options),
      ),
    }),
  });
  return startAgent(agent);
}

function later(ms: number, look: () => void): void {
  setTimeout(look, ms);
}

describe('run.signal', () => {
  let controllers = 0;
  const NativeController = globalThis.AbortController;

  beforeEach(() => {
    controllers = 0;
    globalThis.AbortController = class extends NativeController {
      constructor() {
        super();
        controllers++;
      }
    };
  });

  afterEach(() => {
    globalThis.AbortController = NativeController;
  });

  it(
    'is not made unless it is asked for',
    marbleTest((helpers) => {
      start(helpers, '---a-b-c---', () => undefined);
      later(20, () => expect(controllers).toBe(0));
    }),
  );

  it(
    'is the same one whenever the run is asked',
    marbleTest((helpers) => {
      expect.assertions(2);
      start(helpers, '-a', async (run) => {
        const { signal } = run;
        expect(run.signal).toBe(signal);
        await run.sleep(1);
        expect(run.signal).toBe(signal);
      });
    }),
  );

  it(
    'is made once for each run that asks, and aborts nothing that has ended well',
    marbleTest((helpers) => {
      const signals = new Set<AbortSignal>();
      start(helpers, '-a------b------c---', (run) => signals.add(run.signal));
      later(30, () => {
        expect(controllers).toBe(3);
        expect([...signals].map(({ aborted }) => aborted)).toEqual([false, false, false]);
      });
    }),
  );

  it(
    'is one run’s for ever: who kept it, or made another of it, hears of no other run',
    marbleTest((helpers) => {
      const kept: { value: string; signal: AbortSignal; any: AbortSignal; heard: string[] }[] = [];
      // Run a ends well, b is switched away by c.
      start(helpers, '-a------b--c-----', ({ signal }, value) => {
        const heard: string[] = [];
        const any = AbortSignal.any([signal, new AbortController().signal]);
        any.onabort = () => heard.push('any');
        signal.addEventListener('abort', () => heard.push('signal'));
        kept.push({ value, signal, any, heard });
      });
      later(30, () => {
        expect(new Set(kept.map(({ signal }) => signal)).size).toBe(3);
        expect(
          kept.map(({ value, signal, any, heard }) => [value, signal.aborted, any.aborted, heard]),
        ).toEqual([
          ['a', false, false, []],
          ['b', true, true, expect.arrayContaining(['any', 'signal'])],
          ['c', false, false, []],
        ]);
      });
    }),
  );

  it(
    'is aborted when the run is switched away, with Cancelled as its reason',
    marbleTest((helpers) => {
      const signals: AbortSignal[] = [];
      const heard: unknown[] = [];
      start(helpers, '-a--b------c---', ({ signal }) => {
        signals.push(signal);
        signal.addEventListener('abort', () => heard.push(signal.reason), { once: true });
      });
      later(30, () => {
        expect(signals.map(({ aborted }) => aborted)).toEqual([true, false, false]);
        expect(signals[0]).not.toBe(signals[1]);
        expect(heard).toHaveLength(1);
        expect(heard[0]).toBeInstanceOf(Cancelled);
        expect(heard[0]).toMatchObject({ code: 'cancelled', reason: 'switched' });
      });
    }),
  );

  it(
    'is not aborted after a normal end, nor after a failure',
    marbleTest((helpers) => {
      const signals: AbortSignal[] = [];
      start(helpers, '-a------b------', ({ signal }, value) => {
        signals.push(signal);
        signal.addEventListener('abort', () => undefined);
        if (value === 'b') throw new Error('no luck');
      });
      later(30, () => expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]));
    }),
  );

  it.each([
    ['the abort', 'switched'],
    ['the end', 'settled'],
  ])('is aborted already when it is first asked for after %s', (_when, reason) =>
    marbleTest((helpers) => {
      const runs: Run[] = [];
      start(helpers, reason === 'switched' ? '-a--b' : '-a', (run) => runs.push(run));
      later(20, () => {
        expect(runs[0]?.signal).toMatchObject({ aborted: true, reason: { code: 'cancelled', reason } });
        expect(runs[0]?.signal).toBe(runs[0]?.signal);
      });
    })(),
  );

  it(
    'of a run that has ended stays what it was, whenever it is asked for',
    marbleTest((helpers) => {
      const runs: Run[] = [];
      const signals: AbortSignal[] = [];
      start(helpers, '-a------b------', (run) => {
        runs.push(run);
        signals.push(run.signal);
      });
      later(9, () => {
        expect(signals[1]).not.toBe(signals[0]);
        expect(runs[0]?.signal).toBe(signals[0]);
        expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
      });
    }),
  );

  it(
    'of each attempt is its own',
    marbleTest(async ({ start: startAgent, clock }) => {
      const signals: AbortSignal[] = [];
      startAgent(
        defineAgent({
          name: 'agent',
          streams: ({ lifecycle, handle }) => ({
            result$: lifecycle.start$.pipe(
              handle.switch(
                async ({ at }, { signal, sleep }) => {
                  signals.push(signal);
                  if (signals.length === 1) await sleep('1h');
                  return at;
                },
                { timeout: 5, retry: { count: 1, backoff: 1 } },
              ),
            ),
          }),
        }),
      );
      await clock.sleep(20);
      expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    }),
  );

  it.each(['stopped', 'timeout'])('is aborted with reason %s', (reason) =>
    marbleTest((helpers) => {
      const signals: AbortSignal[] = [];
      const agent = start(
        helpers,
        '-a',
        ({ signal }) => signals.push(signal),
        reason === 'timeout' ? { timeout: 2 } : {},
      );
      if (reason === 'stopped') later(3, () => void agent.stop());
      later(20, () => expect(signals[0]).toMatchObject({ aborted: true, reason: { reason } }));
    })(),
  );

  it(
    'lets what was given it fail with the very error that the run’s functions reject with',
    marbleTest((helpers) => {
      const errors: unknown[] = [];
      start(helpers, '-a--b', async ({ signal, sleep }, value) => {
        if (value === 'b') return;
        const given = new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        });
        const results = await Promise.allSettled([given, sleep('1h')]);
        errors.push(...results.map((result) => (result.status === 'rejected' ? result.reason : undefined)));
      });
      later(20, () => {
        expect(errors).toHaveLength(2);
        expect(errors[0]).toBeInstanceOf(Cancelled);
        expect(errors[1]).toBe(errors[0]);
      });
    }),
  );
});
