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
    'is handed on to the next run when nothing hangs on it',
    marbleTest((helpers) => {
      const signals = new Set<AbortSignal>();
      start(helpers, '-a------b------c---', (run) => signals.add(run.signal));
      later(30, () => {
        expect(signals.size).toBe(1);
        expect(controllers).toBe(1);
        expect([...signals][0]?.aborted).toBe(false);
      });
    }),
  );

  it(
    'is aborted when the run is switched away, with Cancelled as its reason, and not handed on',
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

  it.each<[string, Use]>([
    ['a listener', ({ signal }) => signal.addEventListener('abort', () => undefined)],
    [
      'a listener that a wrong removal seems to balance',
      ({ signal }) => {
        signal.addEventListener('abort', () => undefined);
        signal.removeEventListener('abort', () => undefined);
      },
    ],
    [
      'a listener in both phases, of which one is removed',
      ({ signal }) => {
        const listener = (): void => undefined;
        signal.addEventListener('abort', listener);
        signal.addEventListener('abort', listener, true);
        signal.removeEventListener('abort', listener);
      },
    ],
    ['an onabort', ({ signal }) => (signal.onabort = () => undefined)],
  ])('is not handed on when a run has left %s', (_what, use) =>
    marbleTest((helpers) => {
      const signals = new Set<AbortSignal>();
      start(helpers, '-a------b------', (run, value) => {
        signals.add(run.signal);
        if (value === 'a') use(run, value);
      });
      later(30, () => expect(signals.size).toBe(2));
    })(),
  );

  it(
    'is handed on when the listener has been removed',
    marbleTest((helpers) => {
      const signals = new Set<AbortSignal>();
      start(helpers, '-a------b------', ({ signal }) => {
        const listener = (): void => undefined;
        signals.add(signal);
        signal.addEventListener('abort', listener);
        signal.removeEventListener('abort', listener);
        signal.removeEventListener('abort', listener);
      });
      later(30, () => expect(signals.size).toBe(1));
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
    'of a run that has ended is not the one that the next run has',
    marbleTest((helpers) => {
      const runs: Run[] = [];
      const signals: AbortSignal[] = [];
      start(helpers, '-a------b------', (run) => {
        runs.push(run);
        signals.push(run.signal);
      });
      later(9, () => {
        expect(signals[1]).toBe(signals[0]);
        expect(runs[0]?.signal).not.toBe(signals[1]);
        expect(runs[0]?.signal.aborted).toBe(true);
        expect(signals[1]?.aborted).toBe(false);
      });
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
