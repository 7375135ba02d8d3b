import { defineAgent, memoryStore } from 'rx-agent-kit';
import { explore, type ExploreBody, type ExploreReport, runExploration } from 'rx-agent-kit/testing';
import { tap } from 'rxjs';
import { z } from 'zod';
import { describeEvent } from '../../../lib/testing/explore/story/traceText';
import { deviationsOf, failureOf } from './support/failureOf';

/** Two deposits, each of which reads the balance, waits and writes it. */
const deposits =
  (isRight: boolean): ExploreBody =>
  ({ start, eventually }) => {
    let balance = 0;
    const bank = defineAgent({
      name: 'bank',
      streams: ({ lifecycle, time, handle }) => {
        const deposit = (first: string) =>
          lifecycle.start$.pipe(
            time.after(first),
            handle.concat(async (_event, { external }) => {
              const before = balance;
              if (isRight) balance += 10;
              await external(Promise.resolve(), { what: 'the ledger' });
              if (!isRight) balance = before + 10;
            }),
          );
        return { one$: deposit('10ms'), other$: deposit('30ms') };
      },
    });
    start(bank);
    eventually(() => balance === 20, 'both deposits are there');
  };

describe('explore', () => {
  it('finds the lost update that a marble test does not show, and tells what led to it', async () => {
    const error = await failureOf(deposits(false), { latency: '0..50ms', seed: 1 });
    expect(error.message).toMatchInlineSnapshot(`
      "Run 12 of the search fails (seed 1); 2 deviations, made 1 in 28 more runs.

      It differs from the plain run in this:
        at 10ms  external of bank (the ledger) comes 20ms later

      eventually 'both deposits are there' does not hold in the end, at 30ms.

      time               10ms  30ms
      bank.one$ run 1    s~~~~~e-
      bank.other$ run 2  ------se
      runs: s started, e settled, x aborted, f failed, ~ in flight

      See it again: explore(body, { replay: 'k0m11d' }), with the other options as they are."
    `);
    expect(error.code).toBe('exploration-failed');
    expect(error.cause).toBeUndefined();
  });

  it('finds nothing in its right twin', explore(deposits(true), { latency: '0..50ms', seed: 1 }));

  it('runs the run that it has printed, and no other', async () => {
    const { report } = await failureOf(deposits(false), { latency: '0..50ms', seed: 1 });
    const { message, report: again } = await failureOf(deposits(false), {
      latency: '0..50ms',
      replay: report.replay!,
    });
    expect(again.runs).toBe(1);
    expect(again.replay).toBe(report.replay);
    expect(message).toContain('The run that was asked for fails.');
    expect(message).toContain("eventually 'both deposits are there' does not hold in the end, at 30ms.");
  });

  it('gives the same trace for the same tape, byte for byte', async () => {
    const { report } = await failureOf(deposits(false), { latency: '0..50ms', seed: 1 });
    const options = { latency: '0..50ms', replay: report.replay! };
    const [one, other] = [
      await failureOf(deposits(false), options),
      await failureOf(deposits(false), options),
    ];
    const traceOf = ({ run }: typeof one) => run!.trace.map(describeEvent).join('\n');
    expect(traceOf(one)).toBe(traceOf(other));
    expect(one.run!.trace.length).toBeGreaterThan(10);
  });

  it('searches the same for the same seed, and says another one where none is given', async () => {
    const options = { latency: '0..50ms', seed: 7 };
    const [one, other] = [
      await failureOf(deposits(false), options),
      await failureOf(deposits(false), options),
    ];
    expect(one.message).toBe(other.message);
    const seeds = [await runExploration(deposits(true)), await runExploration(deposits(true))].map(
      ({ seed }) => seed,
    );
    expect(seeds[0]).not.toBe(seeds[1]);
  });

  it('says how much it has searched', async () => {
    const seen: ExploreReport[] = [];
    const report = await runExploration(deposits(true), {
      latency: '0..50ms',
      runs: 100,
      seed: 1,
      onReport: (given) => seen.push(given),
    });
    expect(seen).toEqual([report]);
    expect(report).toMatchObject({ runs: 100, seed: 1, isExhausted: false, replay: undefined });
    expect(report.traces).toBeGreaterThan(20);
    expect(report.traces).toBeLessThanOrEqual(100);
    expect(report.choices).toBeGreaterThanOrEqual(2);
  });

  it('reports a search that has found something, too', async () => {
    const seen: ExploreReport[] = [];
    const { report } = await failureOf(deposits(false), {
      latency: '0..50ms',
      onReport: (given) => seen.push(given),
    });
    expect(seen).toEqual([report]);
    expect(report.replay).toMatch(/^k\w+$/);
  });

  it('gives each run a store of its own, which a function makes', async () => {
    let made = 0;
    const { runs } = await runExploration(
      async ({ host, always }) => {
        const kept: number[] = [];
        const counter = defineAgent({
          name: 'counter',
          state: z.object({ starts: z.number().default(0) }),
          streams: ({ lifecycle, state }) => ({
            started$: lifecycle.start$.pipe(
              tap(() => {
                state.update(({ starts }) => ({ starts: starts + 1 }));
                kept.push(state.get().starts);
              }),
            ),
          }),
        });
        always(() => kept.every((starts) => starts === 1), 'nothing is left of another run');
        await host.start(counter);
      },
      {
        runs: 20,
        store: () => {
          made++;
          return memoryStore();
        },
      },
    );
    expect(made).toBeGreaterThanOrEqual(runs);
  });

  it('refuses a store that all runs would share', () => {
    const store = memoryStore() as never;
    expect(() => explore(() => undefined, { store })).toThrow(
      expect.objectContaining({ code: 'bad-option', message: expect.stringContaining('store') }),
    );
  });

  it('takes no more time than it may', async () => {
    const { runs } = await runExploration(deposits(true), { latency: '0..50ms', runs: 1e9, seconds: 0.2 });
    expect(runs).toBeLessThan(1e6);
  });

  it('tells when the plain run fails already', async () => {
    const { message, report } = await failureOf(({ always }) => {
      always(() => false, 'the moon is made of cheese');
    });
    expect(message).toContain('It is the plain run: it fails as a marble test, too.');
    expect(message).toContain("always 'the moon is made of cheese' broke at 0ms.");
    expect(report.runs).toBe(1);
  });

  it('fails where a body asserts nothing', async () => {
    const { message } = await failureOf(() => undefined);
    expect(message).toContain('The test asserts nothing.');
  });

  it('passes on what the body throws', async () => {
    const thrown = new TypeError('not that');
    const { message, cause } = await failureOf(() => {
      throw thrown;
    });
    expect(message).toContain('not that');
    expect(cause).toBe(thrown);
  });

  it('names a body that does not come out the same when it is run again', async () => {
    let count = 0;
    const body: ExploreBody = ({ start, always }) => {
      const at = ++count;
      start(
        defineAgent({
          name: 'counter',
          streams: ({ lifecycle, time }) => ({ late$: lifecycle.start$.pipe(time.after(at)) }),
        }),
      );
      always(() => true, 'nothing');
    };
    const error = await failureOf(body);
    expect(error.code).toBe('exploration-not-repeatable');
    expect(error.message).toContain('What differs first:');
    expect(error.message).toMatch(/the first time: \d+ at 0, timer-armed, .*due 1\n/);
    expect(error.message).toMatch(/the second time: \d+ at 0, timer-armed, .*due 2/);
  });

  it('names a body that fails only the second time', async () => {
    let count = 0;
    const error = await failureOf(({ always }) => {
      const at = ++count;
      always(() => at === 1, 'it is the first one');
    });
    expect(error.code).toBe('exploration-not-repeatable');
  });

  it('says what to install where there is no fast-check', async () => {
    await jest.isolateModulesAsync(async () => {
      jest.doMock('fast-check', () => {
        throw Object.assign(new Error("Cannot find module 'fast-check'"), { code: 'MODULE_NOT_FOUND' });
      });
      const testing = await import('rx-agent-kit/testing');
      await expect(testing.runExploration(({ always }) => always(() => true, 'x'))).rejects.toMatchObject({
        code: 'missing-package',
        message: expect.stringContaining('npm install --save-dev fast-check'),
      });
      jest.dontMock('fast-check');
    });
  });

  it('lets searches and marble tests take turns, and refuses one within another', async () => {
    const both = await Promise.all([
      runExploration(deposits(true), { runs: 20 }),
      runExploration(deposits(true), { runs: 20 }),
    ]);
    expect(both.map(({ runs }) => runs)).toEqual([20, 20]);
    const { message } = await failureOf(async ({ always }) => {
      always(() => true, 'nothing');
      await runExploration(deposits(true));
    });
    expect(message).toContain('A marble test was started inside another one');
  });

  it('leaves the globals as they were', async () => {
    const before = [setTimeout, Date, Math.random, crypto.randomUUID, crypto.getRandomValues];
    await failureOf(deposits(false), { latency: '0..50ms' });
    expect([setTimeout, Date, Math.random, crypto.randomUUID, crypto.getRandomValues]).toEqual(before);
  });

  it('has the randomness of the body in its hands', async () => {
    const seen = new Set<string>();
    const body: ExploreBody = ({ always }) => {
      const drawn = [Math.random(), crypto.randomUUID(), crypto.getRandomValues(new Uint8Array(2)).join(' ')];
      seen.add(drawn.join(', '));
      always(() => drawn[0] !== undefined, 'something is drawn');
    };
    const { choices } = await runExploration(body, { runs: 50, seed: 1 });
    expect(choices).toBe(1);
    expect(seen.size).toBeGreaterThan(5);
    const { message } = await failureOf(
      ({ always }) => {
        const drawn = Math.random();
        always(() => drawn < 0.9, 'it is small');
      },
      { runs: 500, seed: 1 },
    );
    expect(message).toContain('what is random is another sequence');
  });

  it.each<[string, object, string]>([
    ['an option that there is not', { run: 3 }, 'did you mean "runs"?'],
    ['no runs', { runs: 0 }, 'runs: 0 has to be a whole number from 1 on'],
    ['a latency that does not begin at 0', { latency: '5ms..10ms' }, 'has to begin at 0'],
    ['a latency that is none', { latency: '0..ten' }, '"ten" is no duration'],
    ['another kind of latency', { latency: { mail: 3 } }, 'has no option "mail"'],
    ['a tape with a letter less', { replay: 'k0m11' }, 'is no tape'],
    ['faults that are none', { faults: { streams: 'a' } }, 'has to be a list of names, or true for all'],
    ['a disturbance that is none', { disturb: { kill: true } }, 'has no option "kill"'],
    ['no seconds', { seconds: 0 }, 'seconds: 0 has to be a number above 0'],
  ])('refuses %s', (_what, options, message) => {
    expect(() => explore(() => undefined, options)).toThrow(message);
  });

  it('refuses a body that is none', () => {
    expect(() => explore(undefined as unknown as ExploreBody)).toThrow('has to be a function of the helpers');
  });

  it('makes a story of one long delay out of two short ones', async () => {
    // 30 ms have to come together, in one delay or two.
    const body: ExploreBody = ({ start, eventually }) => {
      let at = 0;
      start(
        defineAgent({
          name: 'slow',
          streams: ({ lifecycle, handle, time }) => ({
            done$: lifecycle.start$.pipe(
              handle.concat(async (_event, { external }) => {
                await external(Promise.resolve(), { what: 'one' });
                await external(Promise.resolve(), { what: 'other' });
                at = time.now();
              }),
            ),
            watch$: lifecycle.start$.pipe(time.after(30)),
          }),
        }),
      );
      eventually(() => at < 30, 'it is quick');
    };
    for (const seed of [1, 2, 3, 4, 5])
      expect(deviationsOf(await failureOf(body, { latency: '0..40ms', seed }))).toEqual([
        'external of slow (one) comes 30ms later',
      ]);
  });
});
