import { type Observable, tap } from 'rxjs';
import { defineAgent } from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';
import { type Ask, limitFor } from '../../../examples/openadr/site/limitFor';
import { meter } from '../../../examples/openadr/site/meter';
import { setpoint } from '../../../examples/openadr/site/setpoint';
import { shaper } from '../../../examples/openadr/site/shaper';
import { drSignal, setLimit, siteLimit } from '../../../examples/openadr/topics';

const IDLE: Ask = { event: null, phase: 'idle', signal: 'SIMPLE', kind: 'level', value: 0, until: null };
const asks = (level: number): Ask => ({ ...IDLE, event: 'e1', phase: 'active', value: level });

describe('limitFor', () => {
  it.each<[string, Partial<Ask>, number]>([
    ['no event', { event: null, phase: 'idle' }, 1],
    ['level 0', { value: 0 }, 1],
    ['level 1', { value: 1 }, 0.7],
    ['level 2', { value: 2 }, 0.4],
    ['level 3', { value: 3 }, 0.1],
    ['a level beyond those', { value: 7 }, 0.1],
    ['half of it while the event ramps up', { value: 3, phase: 'ramp-up' }, 0.55],
    ['a low price', { kind: 'price', value: 0.1 }, 1],
    ['a high price', { kind: 'price', value: 0.5 }, 0.4],
    ['a signal of another kind', { kind: 'other', value: 12 }, 1],
  ])('%s', (_what, ask, limit) => {
    expect(limitFor({ ...asks(0), ...ask }, 0.3).limit).toBeCloseTo(limit);
  });
});

describe('the site', () => {
  /** A VEN that does nothing but tell what is asked for. */
  const ven = (asks$: Observable<Ask>) =>
    defineAgent({
      name: 'ven',
      streams: ({ bus }) => ({
        asks$: asks$.pipe(tap((ask) => bus.publish(drSignal.at({ ven: 'v1' }), ask))),
      }),
    });

  it(
    'follows a signal at once, and lets the plant rest before it is changed again',
    marbleTest(({ start, hot, expectObservable }) => {
      start(setpoint);
      const { limit$ } = start(shaper, { ven: 'v1', minimumOff: 600, minimumOn: 300 }).streams;
      const asked$ = hot('1s a 99ms b 99ms c', { a: asks(2), b: IDLE, c: asks(3) });
      start(ven(asked$));
      expectObservable(limit$).toBe('1s a 599ms c', {
        a: { limit: 0.4, reason: 'e1: SIMPLE 2, active' },
        c: { limit: 0.1, reason: 'e1: SIMPLE 3, active' },
      });
    }),
  );

  it(
    'goes back to no limit when the event is over, after the minimum time',
    marbleTest(({ start, hot, expectObservable }) => {
      const { limit$ } = start(setpoint).streams;
      start(shaper, { ven: 'v1', minimumOff: 600, minimumOn: 300 });
      const asked$ = hot('1s a 99ms b', { a: asks(1), b: IDLE });
      start(ven(asked$));
      expectObservable(limit$).toBe('i 999ms a 599ms b', {
        i: { limit: 1, reason: 'no limit' },
        a: { limit: 0.7, reason: 'e1: SIMPLE 1, active' },
        b: { limit: 1, reason: 'no event' },
      });
    }),
  );

  it(
    'meters what is used under the limit',
    marbleTest(({ start, expectObservable }) => {
      const gauge = { read: () => ({ demand: 0.8, memory: 0.5 }) };
      const { load$ } = start(meter(gauge), { period: '1s', ratedKilowatts: 10 }).streams;
      start(setpoint);
      start(
        defineAgent({
          name: 'operator',
          streams: ({ lifecycle, time, handle }) => ({
            done$: lifecycle.start$.pipe(
              time.after('1500ms'),
              handle.switch((_event, { call }) => call(setLimit, { limit: 0.5, reason: 'by hand' })),
            ),
          }),
        }),
      );
      const load = (kilowatts: number) => ({ kilowatts, demand: 0.8, memory: 0.5 });
      expectObservable(load$, '^ 2100ms !').toBe('1s a 499ms b 499ms b', { a: load(8), b: load(5) });
    }),
  );

  it(
    'tells a late listener of the limit that is kept',
    marbleTest(({ start, expectObservable }) => {
      start(setpoint);
      const listener = defineAgent({
        name: 'listener',
        streams: ({ bus }) => ({ heard$: bus.messages(siteLimit) }),
      });
      expectObservable(start(listener).streams.heard$).toBe('a', {
        a: {
          topic: 'site/site-1/limit',
          params: { site: 'site-1' },
          payload: { limit: 1, reason: 'no limit' },
          at: 0,
        },
      });
    }),
  );

  it(
    'leaves out a reading that cannot be taken, and takes the next one',
    marbleTest(async ({ start, clock }) => {
      const good = { demand: 0.8, memory: 0.5 };
      const readings: (() => unknown)[] = [
        () => good,
        () => {
          throw new Error('no meter');
        },
        () => ({ demand: NaN, memory: 0.5 }),
        () => ({ demand: 7, memory: 0.5 }),
        () => undefined,
        () => Promise.reject(new Error('no line')),
        () => new Promise(() => undefined),
        () => good,
      ];
      const gauge = { read: () => readings.shift()?.() as typeof good };
      const agent = start(meter(gauge), { period: '1s' });
      const loads: number[] = [];
      const errors: string[] = [];
      agent.streams.load$.subscribe(({ kilowatts }) => loads.push(kilowatts));
      agent.errors$.subscribe(({ message }) => errors.push(message));
      await clock.sleep('7500ms');
      expect(agent.health.status).toBe('bad');
      await clock.sleep('3s');
      expect(agent.state).toBe('ready');
      expect(loads.slice(0, 2)).toEqual([8, 8]);
      expect(errors.slice(0, 6)).toEqual([
        expect.stringContaining('no meter'),
        expect.stringContaining('demand'),
        expect.stringContaining('demand'),
        expect.stringContaining('read failed'),
        expect.stringContaining('no line'),
        expect.stringContaining('no end after 1s'),
      ]);
      await agent.stop();
    }),
  );

  it(
    'sets a limit as soon as somebody keeps it, however long that takes, and only the latest',
    marbleTest(async ({ start, host, hot, clock }) => {
      const { limit$ } = start(shaper, { ven: 'v1', minimumOff: 0, minimumOn: 0 }).streams;
      start(ven(hot('1s a 9m b', { a: asks(2), b: asks(3) })));
      const set: unknown[] = [];
      limit$.subscribe(({ limit }) => set.push(limit));
      await clock.sleep('20m');
      expect(set).toEqual([]);
      const keeper = await host.start(setpoint);
      const kept: number[] = [];
      keeper.streams.limit$.subscribe(({ limit }) => kept.push(limit));
      await clock.sleep('31s');
      expect(set).toEqual([0.1]);
      expect(kept).toEqual([0.1]);
    }),
  );
});
