import { defineAgent, memoryStore, type LatePolicy, type Tick } from 'rx-agent-kit';
import { everyCrash, marbleTest, runMarbles } from 'rx-agent-kit/testing';
import { concat, EMPTY, map, mergeMap, NEVER, of, Subject } from 'rxjs';
import { z } from 'zod';

const HOUR = 3_600_000;

describe('time.after, durable', () => {
  const waiting = (late?: LatePolicy) =>
    defineAgent({
      name: 'waiting',
      streams: ({ lifecycle, time }) => ({
        x$: lifecycle.start$.pipe(
          map(() => 'x'),
          time.after('1h', { durable: 'x', ...(late && { late }) }),
        ),
      }),
    });

  it.each([
    ['fire', '90m x'],
    ['skip', '---'],
    ['resume', '2h x'],
    ['restart', '150m x'],
  ] as const)('with late %s, of what came due while nothing ran', async (late, marbles) => {
    await runMarbles(({ start, crash, expectObservable }) => {
      const { streams } = start(waiting(late));
      crash('30m', { down: '1h' });
      expectObservable(streams.x$).toBe(marbles);
    });
  });

  it.each(['fire', 'skip', 'restart'] as const)('with late %s, of what comes due later', async (late) => {
    await runMarbles(({ start, crash, expectObservable }) => {
      const { streams } = start(waiting(late));
      crash('30m', { down: '10m' });
      crash('45m', { down: '10m' });
      expectObservable(streams.x$).toBe('1h x');
    });
  });

  it('with late resume, over several lives', async () => {
    await runMarbles(({ start, crash, expectObservable }) => {
      const { streams } = start(waiting('resume'));
      crash('30m', { down: '10m' });
      crash('50m', { down: '10m' });
      expectObservable(streams.x$).toBe('80m x');
    });
  });

  it(
    'holds at every crash',
    everyCrash(({ start, expectObservable }) => {
      expectObservable(start(waiting()).streams.x$).toBe('1h x');
    }),
  );

  it(
    'is started again by a new trigger, and by a start only once',
    marbleTest(async ({ start, clock, crash, expectObservable }) => {
      const triggers$ = new Subject<string>();
      const { streams } = start(
        defineAgent({
          name: 'a',
          streams: ({ time }) => ({ x$: triggers$.pipe(time.after('10s', { durable: 'x' })) }),
        }),
      );
      expectObservable(streams.x$).toBe('16s b 9999ms c', { b: 'b', c: 'c' });
      await clock.sleep('2s');
      triggers$.next('a');
      crash('3s', { down: '1s' });
      await clock.sleep('4s');
      triggers$.next('b');
      await clock.sleep('6s');
      crash('13s', { down: '1s' });
      await clock.sleep('4s');
      triggers$.next('c');
    }),
  );

  it(
    'has a wait of each key',
    marbleTest(({ start, crash, expectObservable }) => {
      const { streams } = start(
        defineAgent({
          name: 'keyed',
          streams: ({ lifecycle, time }) => ({
            x$: lifecycle.start$.pipe(
              mergeMap(() => of({ id: 'a', wait: 5000 }, { id: 'b', wait: 3000 }, { id: 'a', wait: 8000 })),
              time.after(({ wait }) => wait, { key: ({ id }) => id, durable: 'x' }),
              map(({ id }) => id),
            ),
          }),
        }),
      );
      crash('1s', { down: '1s' });
      crash('4s', { down: '1s' });
      expectObservable(streams.x$).toBe('3s b 4999ms a');
    }),
  );

  it(
    'is not started again by the start of a later life, when it has ended, either',
    marbleTest(({ start, crash, expectObservable }) => {
      const { streams } = start(waiting());
      crash('2h', { down: '1h' });
      expectObservable(streams.x$).toBe('1h x');
    }),
  );

  it(
    'goes by the monotonic clock while it lives, and by the wall clock over a crash',
    marbleTest(async ({ start, crash, clock, expectObservable }) => {
      const { streams } = start(waiting());
      expectObservable(streams.x$).toBe('1h x');
      await clock.sleep('10m');
      clock.setWallBy(5 * HOUR);
      await clock.sleep('10m');
      crash('30m', { down: '10m' });
    }),
  );

  it(
    'refuses a trigger that is no JSON, as an error of the stream',
    marbleTest(async ({ start, clock, host }) => {
      const errors: string[] = [];
      host.errors$.subscribe(({ message }) => errors.push(message));
      start(
        defineAgent({
          name: 'a',
          streams: ({ lifecycle, time }) => ({
            x$: lifecycle.start$.pipe(
              map(() => new Map()),
              time.after('10s', { durable: 'x' }),
            ),
          }),
        }),
      );
      await clock.sleep('1s');
      expect(errors).toEqual([expect.stringMatching(/x: the trigger.*is a Map/)]);
    }),
  );

  it('leaves what its schema cannot read any more as it is kept, and tells of it', async () => {
    const store = memoryStore();
    const agent = (schema?: z.ZodType<string>) =>
      defineAgent({
        name: 'a',
        streams: ({ lifecycle, time }) => ({
          x$: lifecycle.start$.pipe(
            map(() => 'x'),
            time.after('1h', { durable: 'x', ...(schema && { schema }) }),
          ),
        }),
      });
    await runMarbles(
      ({ start, expectObservable }) => expectObservable(start(agent()).streams.x$).toBe('---'),
      {
        store,
        until: '10m',
      },
    );
    const { errors } = await runMarbles(
      ({ start, expectObservable }) =>
        expectObservable(start(agent(z.string().min(3))).streams.x$).toBe('---'),
      { store, until: '2h' },
    );
    expect(errors.map(({ code }) => code)).toEqual(['kept-unreadable']);
    await runMarbles(
      ({ start, expectObservable }) => expectObservable(start(agent()).streams.x$).toBe('1h x'),
      { store },
    );
  });

  it(
    'refuses options that are of no use',
    marbleTest(({ start }) => {
      const late = { late: 'fire' } as const;
      start(
        defineAgent({
          name: 'a',
          streams: ({ time }) => {
            expect(() => time.after('1s', late)).toThrow(/durable: 'a name'/);
            expect(() => time.after('1s', { durable: 'x', late: 'sooner' as never })).toThrow(/'fire'/);
            expect(() => time.every('1s', { durable: 'x', ...late })).toThrow(/no option "late"/);
            expect(() => time.at(0, { durable: 'x', late: 'restart' as never })).toThrow(/'skip'/);
            expect(() => time.cron('* * * * *', { durable: '' })).toThrow(/durable/);
            return {};
          },
        }),
      );
    }),
  );
});

describe('time.at, durable', () => {
  const at = (late?: 'fire' | 'skip') =>
    defineAgent({
      name: 'at',
      streams: ({ lifecycle, time }) => ({
        x$: lifecycle.start$.pipe(time.at(HOUR, { durable: 'x', ...(late && { late }) })),
      }),
    });

  it(
    'comes once, however often its agent starts',
    marbleTest(({ start, crash, expectObservable }) => {
      const { streams } = start(at());
      crash('10m', { down: '1m' });
      crash('2h', { down: '1m' });
      expectObservable(streams.x$).toBe('1h x', { x: { at: HOUR, index: 1, missed: 0 } });
    }),
  );

  it(
    'says how late it is',
    marbleTest(({ start, crash, expectObservable }) => {
      const { streams } = start(at());
      crash('10m', { down: '1h' });
      expectObservable(streams.x$).toBe('70m x', { x: { at: HOUR, index: 1, missed: 0, late: HOUR / 6 } });
    }),
  );

  it(
    'is skipped if that is wanted',
    marbleTest(({ start, crash, expectObservable }) => {
      const { streams } = start(at('skip'));
      crash('10m', { down: '1h' });
      expectObservable(streams.x$).toBe('---');
    }),
  );
});

describe.each(['one', 'burst', 'skip'] as const)('time.every, durable, with missed %s', (missed) => {
  const expected = {
    one: ['10s 1 0', '20s 2 0', '55s 5 2', '60s 6 0'],
    burst: ['10s 1 0', '20s 2 0', '55s 3 0', '55s 4 0', '55s 5 0', '60s 6 0'],
    skip: ['10s 1 0', '20s 2 0', '60s 6 3'],
  };

  it(
    'goes on with its grid over the downtime',
    marbleTest(async ({ start, crash, clock }) => {
      const { streams } = start(
        defineAgent({
          name: 'every',
          streams: ({ lifecycle, time }) => ({
            x$: lifecycle.start$.pipe(time.every('10s', { durable: 'x', missed })),
          }),
        }),
      );
      const seen: string[] = [];
      streams.x$.subscribe(({ index, missed: left }: Tick) =>
        seen.push(`${clock.now() / 1000}s ${index} ${left}`),
      );
      crash('25s', { down: '30s' });
      await clock.sleep('65s');
      expect(seen).toEqual(expected[missed]);
    }),
  );
});

describe('time.every, durable', () => {
  it(
    'begins another grid when its period is another one',
    marbleTest(async ({ start, crash, clock }) => {
      let period = '10s' as '10s' | '7s';
      const { streams } = start(
        defineAgent({
          name: 'every',
          streams: ({ lifecycle, time }) => ({
            x$: lifecycle.start$.pipe(time.every(period, { durable: 'x' })),
          }),
        }),
      );
      const seen: number[] = [];
      streams.x$.subscribe(({ at }: Tick) => seen.push(at));
      crash('15s', { down: '1s' });
      await clock.sleep('15s');
      period = '7s';
      await clock.sleep('16s');
      expect(seen).toEqual([10_000, 23_000, 30_000]);
    }),
  );

  it(
    'has its first tick at once, in its first life only',
    marbleTest(async ({ start, crash, clock }) => {
      const { streams } = start(
        defineAgent({
          name: 'every',
          streams: ({ lifecycle, time }) => ({
            x$: lifecycle.start$.pipe(time.every('10s', { durable: 'x', immediate: true })),
          }),
        }),
      );
      const seen: number[] = [];
      streams.x$.subscribe(({ at }: Tick) => seen.push(at));
      crash('5s', { down: '1s' });
      await clock.sleep('11s');
      expect(seen).toEqual([0, 10_000]);
    }),
  );
});

describe('time.cron, durable', () => {
  const nightly = defineAgent({
    name: 'nightly',
    streams: ({ lifecycle, time }) => ({
      x$: lifecycle.start$.pipe(time.cron('30 2 * * *', { durable: 'x' })),
    }),
  });

  it(
    'comes once at the next start for all that were missed, and says so',
    marbleTest(
      ({ start, crash, expectObservable }) => {
        const { streams } = start(nightly);
        crash('1h', { down: '3d' });
        expectObservable(streams.x$).toBe('73h a 5399999ms b', {
          a: { at: Date.parse('1970-01-03T02:30Z'), index: 3, missed: 2 },
          b: { at: Date.parse('1970-01-04T02:30Z'), index: 4, missed: 0 },
        });
      },
      { until: '75h' },
    ),
  );

  it(
    'reads another expression anew',
    marbleTest(
      async ({ start, crash, clock }) => {
        let expression = '30 2 * * *';
        const { streams } = start(
          defineAgent({
            name: 'cron',
            streams: ({ lifecycle, time }) => ({
              x$: lifecycle.start$.pipe(time.cron(expression, { durable: 'x' })),
            }),
          }),
        );
        const seen: number[] = [];
        streams.x$.subscribe(({ at }: Tick) => seen.push(at / HOUR));
        crash('1h', { down: '4h' });
        await clock.sleep('1h');
        expression = '0 * * * *';
        await clock.sleep('390m');
        expect(seen).toEqual([6, 7]);
      },
      { until: '8h' },
    ),
  );
});

describe('a durable timer', () => {
  it(
    'becomes its job in the same turn: nothing falls between them',
    everyCrash(({ start, expectObservable }) => {
      const { streams } = start(
        defineAgent({
          name: 'a',
          streams: ({ lifecycle, time, handle }) => ({
            x$: lifecycle.start$.pipe(
              map(() => 1),
              time.after('1s', { durable: 'first' }),
              handle.concat(async (n) => n + 1, { durable: 'second' }),
              time.after('1s', { durable: 'third' }),
              handle.merge(async (n) => n + 1, { durable: 'fourth' }),
            ),
          }),
        }),
      );
      expectObservable(streams.x$).toBe('2s 3', { 3: 3 });
    }),
  );

  it(
    'finishes what it has of an earlier life when its triggers complete at once',
    marbleTest(({ start, crash, expectObservable }) => {
      let life = 0;
      const { streams } = start(
        defineAgent({
          name: 'a',
          streams: ({ time, handle }) => ({
            x$: (life++ === 0 ? concat(of('a'), NEVER) : EMPTY).pipe(
              time.after('10s', { durable: 'x' }),
              handle.concat(async (x) => x, { durable: 'y' }),
            ),
          }),
        }),
      );
      crash('5s', { down: '1s' });
      expectObservable(streams.x$).toBe('10s (a|)');
    }),
  );
});
