import fc from 'fast-check';
import {
  config,
  exhaustMap,
  finalize,
  from,
  map,
  merge,
  of,
  startWith,
  Subject,
  take,
  tap,
  timer,
  VirtualTimeScheduler,
} from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { every, type EveryOptions } from '../../../lib/time/operators/every';
import type { MissedPolicy, Tick } from '../../../lib/time/operators/Tick';
import type { TimerPart } from '../../../lib/time/queue/Timers';
import { Drive } from '../support/Drive';
import { asyncGround, expectCase, grounds } from '../support/grounds';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const tick = (at: number, index: number, missed = 0): Tick => ({ at, index, missed });

describe('every', () => {
  describe.each(grounds)('on %s', (_name, create) => {
    it('ticks once a period from its trigger on', () =>
      expectCase(create(), {
        trigger: '      --a-----------',
        operator: (scheduler) => every('4ms', {}, scheduler),
        result: '       ------x---y---z--',
        values: { x: tick(6, 1), y: tick(10, 2), z: tick(14, 3) },
        subscription: ' ^----------------!',
        letsGo: '       ^----------------!',
      }));

    it('starts a new grid when the trigger repeats', () =>
      expectCase(create(), {
        trigger: '      a---------b--------',
        operator: (scheduler) => every(4, {}, scheduler),
        result: '       ----x---y-----z---',
        values: { x: tick(4, 1), y: tick(8, 2), z: tick(14, 1) },
        subscription: ' ^----------------!',
      }));

    it('starts one grid when two triggers come in one frame', () =>
      expectCase(create(), {
        trigger: '      -(ab)-----------',
        operator: (scheduler) => every(4, {}, scheduler),
        result: '       -----x---y---',
        values: { x: tick(5, 1), y: tick(9, 2) },
        subscription: ' ^-----------!',
      }));

    it('ticks at the trigger, too, when it is immediate', () =>
      expectCase(create(), {
        trigger: '      -a-------b-----',
        operator: (scheduler) => every(5, { immediate: true }, scheduler),
        result: '       -x----y--z----v-',
        values: { x: tick(1, 0), y: tick(6, 1), z: tick(9, 0), v: tick(14, 1) },
        subscription: ' ^--------------!',
      }));

    it('goes on when the triggers complete, and lets go of them at once', () =>
      expectCase(create(), {
        trigger: '      a-|',
        operator: (scheduler) => every(4, {}, scheduler),
        result: '       ----x---y---',
        values: { x: tick(4, 1), y: tick(8, 2) },
        subscription: ' ^----------!',
        letsGo: '       ^-!',
      }));

    it('ends with an error of the triggers', () =>
      expectCase(create(), {
        trigger: '      a----#',
        operator: (scheduler) => every(4, {}, scheduler),
        result: '       ----x#',
        values: { x: tick(4, 1) },
        letsGo: '       ^----!',
      }));

    it('ends in the midst of a tick when that is the last that is taken', () =>
      expectCase(create(), {
        trigger: '      a-----------',
        operator: (scheduler) => (source$) => source$.pipe(every(4, {}, scheduler), take(2)),
        result: '       ----x---(y|)',
        values: { x: tick(4, 1), y: tick(8, 2) },
        letsGo: '       ^-------!',
      }));

    it('starts anew from within a tick', () =>
      expectCase(create(), {
        trigger: '      a-----------',
        operator: (scheduler) => (source$) => {
          const again = new Subject<string>();
          return merge(source$, again).pipe(
            every(4, {}, scheduler),
            tap(({ at }) => at === 4 && again.next('b')),
          );
        },
        result: '       ----x---y---z--',
        values: { x: tick(4, 1), y: tick(8, 1), z: tick(12, 2) },
        subscription: ' ^-------------!',
      }));
  });

  it('refuses a period or a policy that is none where it is written', () => {
    for (const period of [0, -1, NaN, Infinity, '0s', 'often'])
      expect(() => every(period)).toThrow(expect.objectContaining({ code: 'bad-duration' }));
    expect(() => every(1, { missed: 'all' as MissedPolicy })).toThrow(
      expect.objectContaining({ code: 'bad-option', message: expect.stringContaining('"all"') }),
    );
  });

  it('gives every subscription a grid of its own', async () => {
    const drive = new Drive();
    const ticks$ = of('a').pipe(every(10, {}, drive.scheduler), take(2));
    const first = drive.record(ticks$);
    await drive.to(5);
    const second = drive.record(ticks$);
    await drive.out();
    expect(first.seen.map(instantOf)).toEqual([10, 20, 20]);
    expect(second.seen.map(instantOf)).toEqual([15, 25, 25]);
    expect(drive.scheduler.size).toBe(0);
  });

  it('lets go of triggers that come all at once when that is enough', () => {
    const drive = new Drive();
    let pulled = 0;
    const triggers = function* () {
      while (pulled < 100) yield ++pulled;
    };
    const { seen } = drive.record(
      from(triggers()).pipe(every(10, { immediate: true }, drive.scheduler), take(1)),
    );
    expect(seen).toEqual(['0 {"at":0,"index":0,"missed":0}', '0 |']);
    expect(pulled).toBe(1);
    expect(drive.scheduler.size).toBe(0);
  });

  it('keeps its grid while exhaustMap leaves ticks out [B12]', async () => {
    const drive = new Drive();
    const { seen, subscription } = drive.record(
      of('a').pipe(
        every('100ms', {}, drive.scheduler),
        exhaustMap(({ index }) => timer(450, drive.scheduler).pipe(map(() => index))),
      ),
    );
    await drive.to(1700);
    expect(seen).toEqual(['550 1', '1050 6', '1550 11']);
    subscription.unsubscribe();
    expect(drive.scheduler.size).toBe(0);
  });

  it('ticks on when a subscriber throws [B14]', async () => {
    const unhandled: unknown[] = [];
    config.onUnhandledError = (error) => unhandled.push(error);
    const drive = new Drive();
    const seen: number[] = [];
    const subscription = of('a')
      .pipe(every(10, {}, drive.scheduler))
      .subscribe(({ at }) => {
        seen.push(at);
        if (at === 10) throw new Error('bad');
      });
    await drive.to(30);
    // RxJS reports it in a timeout.
    await new Promise((resolve) => setTimeout(resolve));
    config.onUnhandledError = null;
    expect(seen).toEqual([10, 20, 30]);
    expect(unhandled).toEqual([new Error('bad')]);
    subscription.unsubscribe();
    expect(drive.scheduler.size).toBe(0);
  });

  describe('halted, as an agent does when it stops', () => {
    async function halted(when: (tick: Tick) => boolean, options: EveryOptions = {}) {
      const drive = new Drive();
      let timer: TimerPart | undefined;
      jest.spyOn(drive.scheduler, 'enter').mockImplementation((entered) => void (timer = entered));
      const leave = jest.spyOn(drive.scheduler, 'leave');
      const trigger = new Subject<void>();
      const { seen, subscription } = drive.record(
        trigger.pipe(
          every(10, options, drive.scheduler),
          tap((each) => when(each) && timer?.halt()),
        ),
      );
      trigger.next();
      await drive.to(25);
      return { drive, trigger, seen, subscription, leave, timer: timer! };
    }

    it('ticks no more, and is left to be unsubscribed', async () => {
      const { drive, trigger, seen, subscription, leave, timer } = await halted(() => false);
      expect(timer.due).toBe(30);
      timer.halt();
      expect(timer.due).toBeUndefined();
      expect(drive.scheduler.size).toBe(0);
      trigger.next();
      await drive.to(100);
      expect(seen.map(instantOf)).toEqual([10, 20]);
      expect(leave).not.toHaveBeenCalled();
      subscription.unsubscribe();
      expect(leave.mock.calls).toEqual([[timer]]);
    });

    it('ticks no more when that happens in a tick', async () => {
      const { drive, seen, subscription } = await halted(({ index }) => index === 1);
      expect(drive.scheduler.size).toBe(0);
      expect(seen.map(instantOf)).toEqual([10]);
      subscription.unsubscribe();
    });

    it('ticks no more when that happens in the immediate tick', async () => {
      const { drive, seen, subscription } = await halted(({ index }) => index === 0, { immediate: true });
      expect(drive.scheduler.size).toBe(0);
      expect(seen.map(instantOf)).toEqual([0]);
      subscription.unsubscribe();
    });
  });

  it('ticks no more when its watcher halts it, whatever it was told', async () => {
    for (const when of ['timerArmed', 'timerFired']) {
      const drive = new Drive();
      const watcher = { timerArmed: jest.fn(), timerFired: jest.fn(), timerCancelled: jest.fn() };
      Object.assign(drive.scheduler, { timerWatcher: watcher });
      const { seen, subscription } = drive.record(of('a').pipe(every(10, {}, drive.scheduler)));
      await drive.to(15);
      Object.assign(watcher, { [when]: (timer: TimerPart) => timer.halt() });
      await drive.to(100);
      expect(seen.map(instantOf)).toEqual([10]);
      expect(drive.scheduler.size).toBe(0);
      subscription.unsubscribe();
    }
  });

  it('fails alone when something goes wrong in its task', async () => {
    const drive = new Drive();
    const { seen } = drive.record(of('a').pipe(every(10, {}, drive.scheduler)));
    const other = drive.record(timer(10, drive.scheduler));
    const timerFired = () => {
      throw new Error('bad watcher');
    };
    Object.assign(drive.scheduler, {
      timerWatcher: { timerFired, timerArmed: jest.fn(), timerCancelled: jest.fn() },
    });
    await drive.out();
    expect(seen).toEqual(['10 #bad watcher']);
    expect(other.seen).toEqual(['10 0', '10 |']);
    expect(drive.scheduler.size).toBe(0);
  });

  it('tells its watcher what it arms, fires and cancels', async () => {
    const drive = new Drive();
    const told: string[] = [];
    const watcher = {
      timerArmed: (timer: TimerPart, due: number) => told.push(`${timer.kind} armed for ${due}`),
      timerFired: (timer: TimerPart, missed: number) =>
        told.push(`fired, missed ${missed}, due ${timer.due}`),
      timerCancelled: (timer: TimerPart) => told.push(`cancelled, due ${timer.due}`),
    };
    Object.assign(drive.scheduler, { timerWatcher: watcher });
    const { subscription } = drive.record(of('a').pipe(every(10, {}, drive.scheduler)));
    await drive.stall(25);
    subscription.unsubscribe();
    expect(told).toEqual([
      'every armed for 10',
      'fired, missed 1, due undefined',
      'every armed for 30',
      'cancelled, due undefined',
    ]);
  });

  it('is always 30 minutes apart when the clocks change [B19]', async () => {
    // Europe/Berlin, 2024-03-31, 02:00 becomes 03:00: nothing is to be stepped, since instants have no zone.
    const start = Date.UTC(2024, 2, 30, 23);
    const drive = new Drive(start);
    const { seen, subscription } = drive.record(of('a').pipe(every('30m', {}, drive.scheduler)));
    await drive.to(start + 6 * HOUR);
    expect(seen.map(instantOf)).toEqual(Array.from({ length: 12 }, (_, n) => start + (n + 1) * 30 * MINUTE));
    subscription.unsubscribe();
    expect(drive.scheduler.size).toBe(0);
  });

  it('does not move when the wall clock is set [B19]', async () => {
    const drive = new Drive();
    const { seen, subscription } = drive.record(of('a').pipe(every('30m', {}, drive.scheduler)));
    await drive.to(45 * MINUTE);
    drive.clock.setWallBy(-HOUR);
    await drive.to(75 * MINUTE);
    drive.clock.setWallBy(5 * HOUR);
    await drive.to(120 * MINUTE);
    expect(seen.map(instantOf)).toEqual([30, 60, 90, 120].map((minutes) => minutes * MINUTE));
    subscription.unsubscribe();
    expect(drive.scheduler.size).toBe(0);
  });

  it('keeps to the grid when every tick is late', async () => {
    const drive = new Drive();
    const { seen, subscription } = drive.record(of('a').pipe(every(100, {}, drive.scheduler)));
    for (const late of [1, 99, 50, 0, 30]) {
      const next = Math.floor(drive.clock.now() / 100) * 100 + 100;
      await drive.to(next - 1);
      await drive.stall(1 + late);
    }
    await drive.to(600);
    expect(seen).toEqual([
      '101 {"at":100,"index":1,"missed":0}',
      '299 {"at":200,"index":2,"missed":0}',
      '350 {"at":300,"index":3,"missed":0}',
      '400 {"at":400,"index":4,"missed":0}',
      '530 {"at":500,"index":5,"missed":0}',
      '600 {"at":600,"index":6,"missed":0}',
    ]);
    subscription.unsubscribe();
    expect(drive.scheduler.size).toBe(0);
  });

  it('loses and doubles no tick, whatever the period, the start and the stalls', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.constantFrom(0.1, 1 / 3, 0.7, 1.1, 10 / 3, 16.6667, 100 / 3, 1e-3),
          fc.double({ min: 0.01, max: 1000, noNaN: true }),
          fc.integer({ min: 1, max: 100_000 }),
        ),
        fc.constantFrom(0, 1, 0.1, 1e6 + 1 / 3, 1_709_164_800_000, 1_709_164_800_000.3),
        fc.constantFrom<MissedPolicy>('one', 'burst', 'skip'),
        fc.array(
          fc.oneof(
            fc.constant(0),
            fc.double({ min: 0, max: 12, noNaN: true }),
            fc.integer({ min: 0, max: 9 }),
          ),
          {
            maxLength: 30,
          },
        ),
        async (period, start, missed, stalls) => {
          const drive = new Drive(start);
          const ticks: (Tick & { readonly now: number })[] = [];
          let counted = 0;
          Object.assign(drive.scheduler, {
            timerWatcher: {
              timerArmed: () => undefined,
              timerCancelled: () => undefined,
              timerFired: (_timer: TimerPart, left: number) => (counted += left + 1),
            },
          });
          const subscription = of('a')
            .pipe(every(period, { missed }, drive.scheduler))
            .subscribe((each) => ticks.push({ ...each, now: drive.clock.now() }));
          for (const stall of stalls) {
            drive.clock.stall(stall * period);
            drive.clock.advanceTo(drive.clock.nextWake);
          }
          const [armed] = drive.scheduler.armed();
          // Every tick up to the armed one has been counted, once.
          expect(armed!.due).toBe(start + (counted + 1) * period);
          let index = 0;
          for (const each of ticks) {
            if (missed === 'skip') expect(each.index).toBeGreaterThan(index);
            else expect(each.index).toBe(index + each.missed + 1);
            index = each.index;
            expect(each.at).toBe(start + index * period);
            // Never early, except for what a double cannot tell apart.
            expect(each.at - each.now).toBeLessThanOrEqual(Math.abs(each.at) * Number.EPSILON);
          }
          subscription.unsubscribe();
          expect(drive.scheduler.size).toBe(0);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('goes on to the end of all instants without an endless loop', () => {
    // The next instant is beyond the greatest number: it never comes, and holds up nothing.
    const drive = new Drive(Number.MAX_VALUE / 2);
    const { seen, subscription } = drive.record(
      of('a').pipe(every(Number.MAX_VALUE / 4, {}, drive.scheduler)),
    );
    for (let wakes = 0; wakes < 3; wakes++) drive.clock.advanceTo(drive.clock.nextWake);
    expect(seen.length).toBeGreaterThan(0);
    subscription.unsubscribe();
    expect(drive.scheduler.size).toBe(0);
  });

  describe("on RxJS's own schedulers", () => {
    afterEach(() => jest.useRealTimers());

    it('is virtual in TestScheduler.run without a scheduler argument', () => {
      new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(
        ({ hot, expectObservable, expectSubscriptions }) => {
          const trigger = hot('                                a 5s |');
          expectObservable(trigger.pipe(every('2s')), '        ^ 4999ms !').toBe('2s x 1999ms y', {
            x: tick(2000, 1),
            y: tick(4000, 2),
          });
          expectSubscriptions(trigger.subscriptions).toBe('    ^ 4999ms !');
        },
      );
    });

    it('ticks on asyncScheduler', () =>
      expectCase(asyncGround(), {
        trigger: '      -a-----------',
        operator: (scheduler) => every(4, {}, scheduler),
        result: '       -----x---y---',
        values: { x: tick(5, 1), y: tick(9, 2) },
        subscription: ' ^----------!',
      }));

    it('ticks once after a stall of asyncScheduler', async () => {
      jest.useFakeTimers({ now: 0 });
      const ticks: Tick[] = [];
      const subscription = of('a')
        .pipe(every(100))
        .subscribe((each) => ticks.push(each));
      jest.setSystemTime(950);
      await jest.advanceTimersByTimeAsync(100);
      expect(ticks).toEqual([tick(1000, 10, 9)]);
      subscription.unsubscribe();
      expect(jest.getTimerCount()).toBe(0);
    });

    it('lets go of the triggers when VirtualTimeScheduler is done', () => {
      const scheduler = new VirtualTimeScheduler(undefined, 100);
      const letGo = jest.fn();
      const seen: number[] = [];
      new Subject()
        .pipe(finalize(letGo), startWith('a'), every(10, {}, scheduler), take(3))
        .subscribe(({ at }) => seen.push(at));
      scheduler.flush();
      expect(seen).toEqual([10, 20, 30]);
      expect(letGo).toHaveBeenCalledTimes(1);
    });
  });
});

function instantOf(text: string): number {
  return parseFloat(text);
}
