import { inspect } from 'node:util';
import { interval, NEVER, tap, timer } from 'rxjs';
import { defineAgent } from 'rx-agent-kit';
import { type MarbleHelpers, marbleTest, runMarbles } from 'rx-agent-kit/testing';
import { drawMessages } from '../../../lib/testing/report/diagram';
import { failureOf } from '../support/failureOf';

const greeter = defineAgent({
  name: 'greeter',
  streams: ({ lifecycle, time, handle }) => ({
    greeting$: lifecycle.start$.pipe(
      time.after('3s'),
      handle.switch(async (_event, { sleep }) => {
        await sleep('1250ms');
        return 'hello!';
      }),
    ),
  }),
});

const asker = defineAgent({
  name: 'asker',
  streams: ({ lifecycle, time, handle }) => ({
    answer$: lifecycle.start$.pipe(
      time.after('1s'),
      handle.switch(async function ask(_event, { next }) {
        return next<string>(NEVER, 'topic answers');
      }),
    ),
  }),
});

describe('the message of a failure', () => {
  it('says how late a value is, and shows the runs concerned', async () => {
    const { error } = await failureOf(({ start, expectObservable }) => {
      expectObservable(start(greeter).streams.greeting$).toBe('4s a', { a: 'hello!' });
    });
    expect(error.code).toBe('marble-test-failed');
    expect(error.message).toMatchInlineSnapshot(`
      "The marble test failed (seed 7).

      greeter.greeting$:
        time      3s  4s  4s250ms
        expected  ----a----
        actual    --------a
        run 1     s~~~~~~~e
        runs: s started, e settled, x aborted, f failed, ~ in flight
        a = 'hello!'
        - 'hello!' expected at 4s: right value, 250ms late (at 4s250ms)"
    `);
  });

  it('tells of a long stream what is near the first difference, in some twenty lines', async () => {
    const { error } = await failureOf(({ expectObservable }) => {
      expectObservable(interval(5), '^ 5s !').toBe('-');
    });
    const lines = error.message.split('\n');
    expect(lines.length).toBeLessThan(25);
    expect(lines).toEqual(
      expect.arrayContaining([
        '  (990 behind are not drawn)',
        '  - 0 at 5ms was not expected',
        '  - … and 994 more that differ',
      ]),
    );
  });

  it('tells of a stream of any length', () => {
    const actual = Array.from({ length: 200_000 }, (_, frame) => ({
      frame,
      notification: { kind: 'N', value: frame, error: undefined } as const,
    }));
    expect(drawMessages([], actual, [])).toContain('- 0 at 0ms was not expected');
  });

  it('draws what is before a late difference, too, but not all of it', async () => {
    const { error } = await failureOf(({ cold, expectObservable }) => {
      expectObservable(cold(`${'a'.repeat(40)}b|`)).toBe(`${'a'.repeat(40)}c|`);
    });
    expect(error.message.split('\n').slice(3)).toMatchInlineSnapshot(`
      [
        "  time      32ms  33ms  34ms  35ms  36ms  37ms  38ms  39ms  40ms  41ms",
        "  expected  a-----a-----a-----a-----a-----a-----a-----a-----c-----|",
        "  actual    a-----a-----a-----a-----a-----a-----a-----a-----b-----|",
        "  (32 instants before are not drawn)",
        "  - at 40ms: expected 'c', was 'b'",
      ]
    `);
  });

  it('says what came in the place of a value', async () => {
    const { error } = await failureOf(({ cold, expectObservable }) => {
      expectObservable(cold('-a-b-|', { a: { n: 1 }, b: { n: 2 } })).toBe('-a-b-|', {
        a: { n: 1 },
        b: { n: 3 },
      });
    });
    expect(error.message).toMatchInlineSnapshot(`
      "The marble test failed (seed 7).

      expectObservable 1:
        time      1ms  3ms  5ms
        expected  a----b----|
        actual    a----c----|
        a = {"n":1}
        b = {"n":3}
        c = {"n":2}
        - at 3ms: expected {"n":3}, was {"n":2}"
    `);
  });

  it('says what never came, what came too much, and how it ended', async () => {
    const { error } = await failureOf(({ cold, expectObservable }) => {
      expectObservable(cold('-a--|')).toBe('-a-b|');
      expectObservable(cold('-a-(bc)-#', undefined, new Error('boom'))).toBe('-a-b');
    });
    expect(error.message).toMatchInlineSnapshot(`
      "The marble test failed (seed 7).

      expectObservable 1:
        time      1ms  3ms  4ms
        expected  a----b----|
        actual    a---------|
        - 'b' expected at 3ms never came

      expectObservable 2:
        time      1ms  3ms   8ms
        expected  a----b------
        actual    a----(bc)--#
        - 'c' at 3ms was not expected
        - error Error: boom at 8ms was not expected"
    `);
  });

  it('compares subscriptions by their spans', async () => {
    const { error } = await failureOf(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-a-|');
      expectObservable(source$).toBe('-a-|');
      expectSubscriptions(source$.subscriptions).toBe(['^-!', '--^']);
      expectSubscriptions(source$.subscriptions).toBe([]);
    });
    expect(error.message).toMatchInlineSnapshot(`
      "The marble test failed (seed 7).

      expectSubscriptions 1:
        expected  from 0ms to 2ms, from 2ms still open
        actual    from 0ms to 3ms

      expectSubscriptions 2:
        expected  none
        actual    from 0ms to 3ms"
    `);
  });

  it('draws the runs that were expected', async () => {
    const { error } = await failureOf(({ start, expectHandlers }) => {
      start(greeter);
      expectHandlers(greeter, 'greeting$').toBe('3s s 999ms e');
    });
    expect(error.message).toMatchInlineSnapshot(`
      "The marble test failed (seed 7).

      the runs of greeter.greeting$:
        time      3s  4s  4s250ms
        expected  s---e----
        actual    s-------e
        run 1     s~~~~~~~e
        runs: s started, e settled, x aborted, f failed, ~ in flight
        - 'e' expected at 4s: right value, 250ms late (at 4s250ms)"
    `);
  });

  it('tells the story of a deadlock [B32]', async () => {
    const { error, realMs } = await failureOf(({ start, expectObservable }) => {
      expectObservable(start(asker).streams.answer$).toBe('2s a', { a: 'yes' });
    });
    expect(error.code).toBe('marble-deadlock');
    expect(realMs).toBeLessThan(2500); // waiting for something foreign would take 3 s
    expect(error.message).toMatchInlineSnapshot(`
      "The marble test failed (seed 7).

      asker.answer$:
        time      1s  2s
        expected  ----a
        actual    -----
        run 1     s~~~~
        runs: s started, e settled, x aborted, f failed, ~ in flight
        a = 'yes'
        - 'yes' expected at 2s never came
      Deadlock: the run below waits, and nothing is left that could wake it.

      in flight at 1s:
        asker.answer$: handler ask, run 1 since 1s, parked on next (topic answers) since 1s"
    `);
  });

  it('tells of a body that waits for ever', async () => {
    const { error } = await failureOf(async ({ start }) => {
      start(asker);
      await new Promise(() => undefined);
    });
    expect(error.message).toMatchInlineSnapshot(`
      "The marble test failed (seed 7).

      Deadlock at 1s: the body waits, and nothing is left that could wake it.
      What it waits for never comes, or the host does not show that it is under way: say so with clock.external(promise).

      in flight at 1s:
        asker.answer$: handler ask, run 1 since 1s, parked on next (topic answers) since 1s"
    `);
  });

  it('tells of an external that does not come', async () => {
    const waiter = defineAgent({
      name: 'waiter',
      streams: ({ lifecycle, handle }) => ({
        served$: lifecycle.start$.pipe(
          handle.switch(async (_event, { external }) =>
            external(new Promise(() => undefined), 'the kitchen'),
          ),
        ),
      }),
    });
    const { error, realMs } = await failureOf(
      ({ start, expectObservable }) => {
        expectObservable(start(waiter).streams.served$).toBe('a');
      },
      { maxHold: 30 },
    );
    expect(error.code).toBe('marble-deadlock');
    expect(realMs).toBeLessThan(2500); // waiting for something foreign would take 3 s
    expect(error.message).toMatchInlineSnapshot(`
      "The marble test failed (seed 7).

      Deadlock at 0ms: an external() has held time for longer than maxHold allows, in real time.

      waiter.served$:
        time      0ms
        expected  a-
        actual    --
        run 1     s~
        runs: s started, e settled, x aborted, f failed, ~ in flight
        - 'a' expected at 0ms never came

      in flight at 0ms:
        waiter.served$: handler served$, run 1 since 0ms, parked on external (the kitchen) since 0ms"
    `);
  });

  it('tells of what went wrong in the agents', async () => {
    const failing = defineAgent({
      name: 'failing',
      streams: ({ lifecycle, handle }) => ({
        out$: lifecycle.start$.pipe(
          handle.switch(async (): Promise<string> => {
            throw new Error('no luck');
          }),
        ),
      }),
    });
    const { error } = await failureOf(({ start, expectObservable }) => {
      expectObservable(start(failing).streams.out$).toBe('a');
    });
    expect(error.message).toMatchInlineSnapshot(`
      "The marble test failed (seed 7).

      failing.out$:
        time      0ms
        expected  a-
        actual    --
        run 1     sf
        runs: s started, e settled, x aborted, f failed, ~ in flight
        - 'a' expected at 0ms never came

      errors in the agents:
        HandlerError: failing.out$: out$ failed at attempt 1: no luck"
    `);
  });
});

describe('a test that expects nothing fails', () => {
  it('without any assertion', async () => {
    const { error } = await failureOf(() => undefined);
    expect(error.message).toMatchInlineSnapshot(`
      "The marble test failed (seed 7).

      The test asserts nothing. Expect something with expectObservable, expectHandlers, expectSubscriptions or the
      runner's expect; if it asserts in another way, say so: marbleTest(body, { assertsElsewhere: true })."
    `);
    await expect(marbleTest(() => undefined)()).rejects.toThrow('The test asserts nothing');
    await expect(runMarbles(() => undefined, { assertDeepEqual: () => true })).rejects.toThrow(
      'The test asserts nothing',
    );
  });

  it("but counts the runner's own expect, and takes its word that it asserts elsewhere", async () => {
    await runMarbles(() => {
      expect(1).toBe(1);
    });
    await runMarbles(() => undefined, { assertsElsewhere: true });
    // Specs that were written for TestScheduler may assert with chai when they have flushed.
    await runMarbles(({ flush }) => flush(), { assertDeepEqual: () => true });
  });

  it('without toBe', async () => {
    const { error } = await failureOf(
      ({ cold, start, expectObservable, expectSubscriptions, expectHandlers }) => {
        expectObservable(cold('a'));
        expectSubscriptions(cold('a').subscriptions);
        start(greeter);
        expectHandlers(greeter, 'greeting$');
      },
    );
    expect(error.message).toMatchInlineSnapshot(`
      "The marble test failed (seed 7).

      expectObservable 1: nothing is expected of it. Say what with .toBe('…') or .toEqual(…).

      expectSubscriptions 1: nothing is expected of it. Say what with .toBe('…') or .toEqual(…).

      the runs of greeter.greeting$: nothing is expected of it. Say what with .toBe('…') or .toEqual(…)."
    `);
  });

  it('without toBe, where only the comparison has asserted anything', async () => {
    const { error } = await failureOf(
      ({ cold, expectObservable }) => {
        expectObservable(cold('a')).toBe('a');
        expectObservable(cold('b'));
      },
      { assertDeepEqual: (actual, expected) => expect(actual).toEqual(expected) },
    );
    expect(error.message).toContain('expectObservable 2: nothing is expected of it.');
  });

  it('too late', async () => {
    let helpers: MarbleHelpers | undefined;
    await marbleTest((given) => {
      helpers = given;
      given.expectObservable(NEVER).toBe('');
    })();
    expect(() => helpers?.expectObservable(timer(1))).toThrow(
      expect.objectContaining({ code: 'marble-test-over' }),
    );
  });
});

describe('expectObservable without toBe is a subscription', () => {
  it(
    'where the runner has counted an assertion of the body',
    marbleTest(({ hot, expectObservable, flush }) => {
      const seen: string[] = [];
      expectObservable(hot('--a').pipe(tap((value) => seen.push(value))));
      flush();
      expect(seen).toEqual(['a']);
    }),
  );

  it('where the test asserts elsewhere', async () => {
    const seen: string[] = [];
    const body = ({ hot, expectObservable }: MarbleHelpers): void => {
      expectObservable(hot('--a').pipe(tap((value) => seen.push(value))));
    };
    await runMarbles(body, { assertsElsewhere: true });
    expect(seen).toEqual(['a']);
  });

  it('where it compares by itself and flushes, as for TestScheduler', async () => {
    const seen: string[] = [];
    const body = ({ hot, expectObservable, flush }: MarbleHelpers): void => {
      expectObservable(hot('--a').pipe(tap((value) => seen.push(value))));
      flush();
    };
    await runMarbles(body, { assertDeepEqual: () => undefined });
    expect(seen).toEqual(['a']);
  });
});

describe('the report of a failure', () => {
  it('is there for who asks, and is not printed', async () => {
    const { error } = await failureOf(({ start, expectObservable }) => {
      expectObservable(start(greeter).streams.greeting$).toBe('4s a', { a: 'hello!' });
    });
    expect(error.report.trace.length).toBeGreaterThan(5);
    expect(Object.keys(error)).not.toContain('report');
    expect(inspect(error).split('\n').length).toBeLessThan(40);
    expect(inspect(error)).not.toContain('trace');
  });
});

describe('the seed', () => {
  const jittery = defineAgent({
    name: 'jittery',
    streams: ({ lifecycle, handle }) => ({
      out$: lifecycle.start$.pipe(
        handle.switch(
          async (_event, { attempt, now }) => {
            if (attempt < 3) throw new Error('again');
            return now();
          },
          { retry: { count: 3, backoff: '10s', jitter: 1 } },
        ),
      ),
    }),
  });
  const seenWith = async (seed?: number) => {
    const seen: unknown[] = [];
    const report = await runMarbles(
      ({ start }) => void start(jittery).streams.out$.subscribe((at) => seen.push(at)),
      {
        assertsElsewhere: true,
        ...(seed !== undefined && { seed }),
      },
    );
    return { seen, seed: report.seed };
  };

  it('brings the same again, and another one something else', async () => {
    const first = await seenWith();
    expect(await seenWith(first.seed)).toEqual(first);
    expect((await seenWith(first.seed + 1)).seen).not.toEqual(first.seen);
  });

  it('is told by every failure that may have to do with it', async () => {
    const { error } = await failureOf(({ start, expectObservable }) => {
      expectObservable(start(jittery).streams.out$).toBe('a');
    });
    expect(error.message).toContain('(seed 7)');
    expect(error.report.seed).toBe(7);
    const thrown = runMarbles(
      async ({ start, clock }) => {
        start(jittery);
        await clock.sleep('1m');
        expect(1).toBe(2);
      },
      { seed: 7 },
    );
    await expect(thrown).rejects.toThrow('(seed 7)');
  });
});

describe('the report', () => {
  it('tells what happened, what went wrong and what was still in flight', async () => {
    const { endedAt, trace, inFlight, errors, seed } = await runMarbles(
      ({ start, expectObservable }) => {
        expectObservable(start(greeter).streams.greeting$, '^ 3500ms !').toBe('');
      },
      { seed: 1, until: '3500ms' },
    );
    expect({ endedAt, inFlight, errors, seed }).toEqual({
      endedAt: 3500,
      inFlight: [
        {
          kind: 'run',
          agent: 'greeter',
          stream: 'greeting$',
          handler: 'greeting$',
          run: 1,
          attempt: 1,
          since: 3000,
          parked: [{ on: 'sleep', detail: '1250ms', since: 3000 }],
          isAborted: false,
        },
      ],
      errors: [],
      seed: 1,
    });
    expect(trace.map(({ type, at }) => `${at} ${type}`)).toEqual([
      '0 phase',
      '0 phase',
      '0 phase',
      '0 timer-armed',
      '0 phase',
      '3000 timer-fired',
      '3000 run-started',
      '3000 run-parked',
    ]);
    expect(trace.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});

describe('expectHandlers', () => {
  it(
    'sees runs that are started, that end, are aborted and fail',
    marbleTest(({ start, hot, expectHandlers, expectObservable }) => {
      const triggers$ = hot('a----b 14ms c 9ms d', { a: 20, b: 10, c: 0, d: 9 });
      const worker = defineAgent({
        name: 'worker',
        streams: ({ lifecycle, handle }) => ({
          out$: handle.switch(async (ms: number, { sleep }) => {
            if (ms === 0) throw new Error('none');
            await sleep(ms);
            return ms;
          })(triggers$),
          other$: lifecycle.start$.pipe(handle.concat(async () => 'other')),
        }),
      });
      expectObservable(start(worker).streams.out$).toBe('15ms b 23ms d', { b: 10, d: 9 });
      expectHandlers(worker, 'out$').toBe('s----(xs) 6ms e 4ms (sf) 6ms s 8ms e');
      expectHandlers('worker', 'other$').toBe('(se)');
    }),
  );
});
