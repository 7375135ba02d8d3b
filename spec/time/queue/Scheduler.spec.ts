import fc from 'fast-check';
import {
  auditTime,
  bufferTime,
  concat,
  debounceTime,
  delay,
  delayWhen,
  expand,
  generate,
  interval,
  map,
  mergeAll,
  merge,
  type Observable,
  observeOn,
  of,
  range,
  repeat,
  ReplaySubject,
  retry,
  sampleTime,
  scheduled,
  type SchedulerAction,
  type SchedulerLike,
  share,
  subscribeOn,
  type Subscription,
  take,
  throttleTime,
  throwError,
  timeInterval,
  timeout,
  timer,
  timestamp,
  toArray,
  windowTime,
} from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { ENDLESS, FINITE, INTERVAL } from '../../../lib/time/queue/rank';
import { Scheduler } from '../../../lib/time/queue/Scheduler';
import type { Task } from '../../../lib/time/queue/Timers';
import { VirtualClock } from '../../../lib/time/virtual/VirtualClock';
import { Drive, record, turn } from '../support/Drive';

const DAY = 86_400_000;

/** Values at the instants that their letters stand at, counted from the subscription. */
function at(instants: Record<string, number>, scheduler: SchedulerLike): Observable<string> {
  return merge(
    ...Object.entries(instants).map(([value, instant]) => timer(instant, scheduler).pipe(map(() => value))),
  );
}

type Build = (scheduler: SchedulerLike) => Observable<unknown>;
const abc = { a: 0, b: 3, c: 6, d: 20, e: 21 };

/** Every way in which RxJS uses a scheduler, and what comes of it at which instant. */
const contract: readonly (readonly [operator: string, build: Build, expected: readonly string[]])[] = [
  ['timer', (s) => timer(15, s), ['15 0', '15 |']],
  ['timer with a Date', (s) => timer(new Date(25), s), ['25 0', '25 |']],
  ['timer with a Date that has passed', (s) => timer(new Date(-25), s), ['0 0', '0 |']],
  ['timer with a period', (s) => timer(5, 10, s).pipe(take(3)), ['5 0', '15 1', '25 2', '25 |']],
  ['interval', (s) => interval(10, s).pipe(take(3)), ['10 0', '20 1', '30 2', '30 |']],
  ['interval of nothing', (s) => interval(0, s).pipe(take(3)), ['0 0', '0 1', '0 2', '0 |']],
  ['delay', (s) => at(abc, s).pipe(delay(10, s)), ['10 a', '13 b', '16 c', '30 d', '31 e', '31 |']],
  [
    'delay until a Date',
    (s) => at(abc, s).pipe(delay(new Date(20), s)),
    ['20 a', '20 b', '20 c', '20 d', '21 e', '21 |'],
  ],
  [
    'delayWhen',
    (s) => at({ a: 1, b: 2 }, s).pipe(delayWhen((v) => timer(v === 'a' ? 9 : 2, s))),
    ['4 b', '10 a', '10 |'],
  ],
  ['debounceTime', (s) => at(abc, s).pipe(debounceTime(5, s)), ['11 c', '21 e', '21 |']],
  ['throttleTime', (s) => at(abc, s).pipe(throttleTime(5, s)), ['0 a', '6 c', '20 d', '21 |']],
  [
    'throttleTime at the end',
    (s) => at(abc, s).pipe(throttleTime(5, s, { leading: false, trailing: true })),
    ['5 b', '10 c', '25 e', '25 |'],
  ],
  ['auditTime', (s) => at(abc, s).pipe(auditTime(5, s)), ['5 b', '11 c', '25 e', '25 |']],
  ['sampleTime', (s) => at(abc, s).pipe(sampleTime(5, s)), ['5 b', '10 c', '20 d', '21 |']],
  [
    'bufferTime',
    (s) => at(abc, s).pipe(bufferTime(10, s)),
    ['10 ["a","b","c"]', '20 ["d"]', '21 ["e"]', '21 |'],
  ],
  [
    'bufferTime with a creation interval',
    (s) => at({ a: 1, b: 6, c: 11 }, s).pipe(bufferTime(10, 5, s)),
    ['10 ["a","b"]', '11 ["b","c"]', '11 ["c"]', '11 |'],
  ],
  [
    'bufferTime with a greatest size',
    (s) => at(abc, s).pipe(bufferTime(10, null, 2, s)),
    ['3 ["a","b"]', '13 ["c"]', '21 ["d","e"]', '21 []', '21 |'],
  ],
  [
    'windowTime',
    (s) => at(abc, s).pipe(windowTime(10, s), map(toArray()), mergeAll()),
    ['10 ["a","b","c"]', '20 ["d"]', '21 ["e"]', '21 |'],
  ],
  ['timeout', (s) => at(abc, s).pipe(timeout(5, s)), ['0 a', '3 b', '6 c', '11 #Timeout has occurred']],
  [
    'timeout of the first by a Date',
    (s) => at({ a: 9 }, s).pipe(timeout({ first: new Date(7), scheduler: s })),
    ['7 #Timeout has occurred'],
  ],
  [
    'timeout with another Observable',
    (s) => at(abc, s).pipe(timeout({ each: 5, with: () => of('late'), scheduler: s })),
    ['0 a', '3 b', '6 c', '11 late', '11 |'],
  ],
  ['observeOn', (s) => of('a', 'b').pipe(observeOn(s)), ['0 a', '0 b', '0 |']],
  ['observeOn with a delay', (s) => of('a', 'b').pipe(observeOn(s, 5)), ['5 a', '5 b', '5 |']],
  ['subscribeOn', (s) => of('a').pipe(subscribeOn(s, 5)), ['5 a', '5 |']],
  ['scheduled', (s) => scheduled(['a', 'b'], s), ['0 a', '0 b', '0 |']],
  ['scheduled over an iterable', (s) => scheduled(new Set(['a', 'b']), s), ['0 a', '0 b', '0 |']],
  ['range', (s) => scheduled(range(1, 2), s), ['0 1', '0 2', '0 |']],
  [
    'generate',
    (s) => generate({ initialState: 0, condition: (n) => n < 2, iterate: (n) => n + 1, scheduler: s }),
    ['0 0', '0 1', '0 |'],
  ],
  [
    'expand',
    (s) => of(1).pipe(expand((n) => (n < 4 ? of(n * 2).pipe(delay(1, s)) : []))),
    ['0 1', '1 2', '2 4', '2 |'],
  ],
  [
    'repeat',
    (s) => of('a').pipe(repeat({ count: 3, delay: () => timer(5, s) })),
    ['0 a', '5 a', '10 a', '10 |'],
  ],
  [
    'retry',
    (s) =>
      concat(
        of('a'),
        throwError(() => 'bad'),
      ).pipe(retry({ count: 2, delay: (_e, n) => timer(n * 5, s) })),
    ['0 a', '5 a', '15 a', '15 #bad'],
  ],
  ['timestamp', (s) => at({ a: 4 }, s).pipe(timestamp(s)), ['4 {"value":"a","timestamp":4}', '4 |']],
  [
    'timeInterval',
    (s) => at({ a: 4, b: 9 }, s).pipe(timeInterval(s)),
    ['4 {"value":"a","interval":4}', '9 {"value":"b","interval":5}', '9 |'],
  ],
  [
    'the window of a ReplaySubject',
    (s) =>
      at(abc, s).pipe(
        share({ connector: () => new ReplaySubject(Infinity, 10, s), resetOnRefCountZero: false }),
        (shared$) => concat(shared$.pipe(take(3)), timer(9, s).pipe(map(() => '-')), shared$.pipe(take(3))),
      ),
    ['0 a', '3 b', '6 c', '15 -', '15 c', '20 d', '21 e', '21 |'],
  ],
];

const schedulers: readonly (readonly [
  string,
  () => { scheduler: SchedulerLike; run(): Promise<void>; left(): number },
])[] = [
  [
    'Scheduler',
    () => {
      const drive = new Drive();
      return { scheduler: drive.scheduler, run: () => drive.to(100), left: () => drive.scheduler.size };
    },
  ],
  [
    // That the expectations are RxJS's own.
    "RxJS's TestScheduler",
    () => {
      const scheduler = new TestScheduler(() => undefined);
      return {
        scheduler,
        run: async () => {
          scheduler.maxFrames = 100;
          scheduler.flush();
        },
        left: () => scheduler.actions.filter(({ closed }) => !closed).length,
      };
    },
  ],
];

describe.each(schedulers)('%s as a SchedulerLike', (_name, create) => {
  it.each(contract)('serves %s', async (_operator, build, expected) => {
    const { scheduler, run, left } = create();
    const { seen, subscription } = record(build(scheduler), () => scheduler.now());
    await run();
    expect(seen).toEqual(expected);
    subscription.unsubscribe();
    expect(left()).toBe(0);
  });
});

describe('Scheduler', () => {
  afterEach(() => {
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  describe('order', () => {
    it('runs work in the order of its instants', async () => {
      const { drive, log, note } = logged();
      for (const due of [30, 10, 20]) drive.scheduler.schedule(note(`for ${due}`), due);
      await drive.out();
      expect(log).toEqual(['10 for 10', '20 for 20', '30 for 30']);
    });

    it('runs 10,000 timers of equal instants in the order in which they were armed [B17]', async () => {
      const drive = new Drive();
      const ran: number[] = [];
      for (let index = 0; index < 10_000; index++) drive.scheduler.schedule(() => ran.push(index), 5);
      await drive.out();
      expect(ran).toEqual(Array.from({ length: 10_000 }, (_, index) => index));
      expect(drive.clock.now()).toBe(5);
      expect(drive.scheduler.size).toBe(0);
    });

    it('does not run work at once, even if it is for now', async () => {
      const { drive, log, note } = logged();
      drive.scheduler.schedule(note('a'));
      drive.scheduler.schedule(note('b'), -5);
      expect(log).toEqual([]);
      await drive.out();
      expect(log).toEqual(['0 a', '0 b']);
    });

    it('runs work for now from inside a task after it, in the same flush, never within it', async () => {
      const { drive, log, note } = logged();
      const wakes = jest.spyOn(drive.clock, 'wakeAt');
      drive.scheduler.schedule(() => {
        note('outer begins')();
        drive.scheduler.schedule(() => {
          note('inner begins')();
          drive.scheduler.schedule(note('innermost'));
          note('inner ends')();
        });
        note('outer ends')();
      }, 10);
      drive.scheduler.schedule(note('next'), 10);
      await drive.out();
      expect(log).toEqual([
        '10 outer begins',
        '10 outer ends',
        '10 next',
        '10 inner begins',
        '10 inner ends',
        '10 innermost',
      ]);
      expect(wakes).toHaveBeenCalledTimes(1);
    });

    it('runs what has come due late in the order of instants, all at the instant of the flush', async () => {
      const { drive, log, note } = logged();
      for (const due of [30, 10, 20]) drive.scheduler.schedule(note(`for ${due}`), due);
      await drive.stall(100);
      expect(log).toEqual(['100 for 10', '100 for 20', '100 for 30']);
    });

    it('steps from instant to instant: what a task arms for the meantime is not late', async () => {
      const { drive, log, note } = logged();
      drive.scheduler.schedule(() => drive.scheduler.schedule(note('follow-up'), 5), 5);
      drive.scheduler.schedule(note('last'), 20);
      await drive.out();
      expect(log).toEqual(['10 follow-up', '20 last']);
    });

    it('takes 100,000 tasks that one task arms, and gives the turn back in between', async () => {
      const drive = new Drive();
      let ran = 0;
      drive.scheduler.schedule(() => {
        for (let index = 0; index < 100_000; index++) drive.scheduler.schedule(() => ran++, index % 3);
      });
      await drive.to(0);
      expect(ran).toBe(33_334);
      await drive.out();
      expect(ran).toBe(100_000);
      expect(drive.clock.now()).toBe(2);
      expect(drive.scheduler.size).toBe(0);
    });

    it('does as a sorted list of instants does, whatever is scheduled and cancelled from within', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(fc.nat(8), fc.nat(8), fc.nat(30)), { maxLength: 40 }),
          async (plan) => {
            const drive = new Drive();
            const ran: string[] = [];
            const expected: string[] = [];
            const pending: { due: number; index: number; child: number }[] = [];
            const subscriptions = new Map<number, Subscription>();
            const arm = (index: number, delayMs: number, child: number): void => {
              subscriptions.set(
                index,
                drive.scheduler.schedule(() => {
                  ran.push(`${drive.scheduler.now()} ${index}`);
                  if (child < 8) arm(index + 1000, child, 8);
                  else subscriptions.get(child + index - 8)?.unsubscribe();
                }, delayMs),
              );
            };
            plan.forEach(([delayMs, child], index) => {
              arm(index, delayMs, child);
              pending.push({ due: delayMs, index, child });
            });
            // The model: take the first of the earliest, over and over.
            while (pending.length > 0) {
              const due = Math.min(...pending.map((each) => each.due));
              const [first] = pending.splice(
                pending.findIndex((each) => each.due === due),
                1,
              );
              const { index, child } = first!;
              expected.push(`${due} ${index}`);
              if (child < 8) pending.push({ due: due + child, index: index + 1000, child: 8 });
              else {
                const cancelled = pending.findIndex((each) => each.index === child + index - 8);
                if (cancelled !== -1) pending.splice(cancelled, 1);
              }
            }
            await drive.out();
            expect(ran).toEqual(expected);
            expect(drive.scheduler.size).toBe(0);
          },
        ),
      );
    });
  });

  describe('errors', () => {
    it('kills no other work when a task throws', async () => {
      const { drive, log, note } = logged();
      drive.scheduler.schedule(note('a'), 10);
      drive.scheduler.schedule(() => {
        throw new Error('bad');
      }, 10);
      drive.scheduler.schedule(note('c'), 10);
      drive.scheduler.schedule(note('d'), 20);
      await drive.out();
      expect(log).toEqual(['10 a', '10 c', '20 d']);
      expect(drive.errors).toEqual([new Error('bad')]);
    });

    it('ends the action that threw', async () => {
      const { drive, log, note } = logged();
      let runs = 0;
      const action = drive.scheduler.schedule(function () {
        this.schedule(undefined, 10);
        if (++runs === 2) throw new Error('bad');
        note('tick')();
      }, 10);
      action.add(note('let go'));
      await drive.out();
      expect(log).toEqual(['10 tick', '20 let go']);
      expect(action.closed).toBe(true);
      expect(drive.scheduler.size).toBe(0);
      expect(drive.errors).toHaveLength(1);
    });

    it('tells of the error even if a teardown of the action throws, too', async () => {
      jest.useFakeTimers();
      const clock = new VirtualClock();
      const onError = jest.fn();
      const scheduler = new Scheduler(clock, { onError });
      const action = scheduler.schedule(() => {
        throw new Error('bad');
      });
      action.add(() => {
        throw new Error('worse');
      });
      clock.advanceTo(0);
      expect(onError.mock.calls).toEqual([[new Error('bad')]]);
      expect(() => jest.runAllTimers()).toThrow('worse');
      expect(scheduler.size).toBe(0);
    });

    it('throws it anew, in a turn of its own, when nobody takes it', () => {
      jest.useFakeTimers();
      const clock = new VirtualClock();
      const scheduler = new Scheduler(clock);
      const ran = jest.fn();
      scheduler.schedule(() => {
        throw new Error('bad');
      });
      scheduler.schedule(ran);
      clock.advanceTo(0);
      expect(ran).toHaveBeenCalledTimes(1);
      expect(() => jest.runAllTimers()).toThrow('bad');
      expect(scheduler.size).toBe(0);
    });

    it('survives an onError that throws', () => {
      jest.useFakeTimers();
      const clock = new VirtualClock();
      const scheduler = new Scheduler(clock, {
        onError: (error) => {
          throw error;
        },
      });
      const ran = jest.fn();
      scheduler.schedule(() => {
        throw new Error('bad');
      });
      scheduler.schedule(ran);
      clock.advanceTo(0);
      expect(ran).toHaveBeenCalledTimes(1);
      expect(() => jest.runAllTimers()).toThrow('bad');
      expect(scheduler.size).toBe(0);
    });

    it('gives the error to the task that threw it', () => {
      const clock = new VirtualClock();
      const scheduler = new Scheduler(clock);
      const fail = jest.fn();
      scheduler.arm(0, {
        run: () => {
          throw new Error('bad');
        },
        fail,
      });
      clock.advanceTo(0);
      expect(fail.mock.calls).toEqual([[new Error('bad')]]);
    });

    it('survives a listener to the wall clock that throws', async () => {
      const { drive, log, note } = logged();
      drive.scheduler.onWallSet(() => {
        throw new Error('bad');
      });
      const other = jest.fn();
      drive.scheduler.onWallSet(other);
      drive.scheduler.schedule(note('a'), 10);
      drive.clock.setWallBy(DAY);
      await drive.to(5);
      drive.scheduler.schedule(note('b'), 10);
      await drive.out();
      expect(log).toEqual(['10 a', '15 b']);
      expect(other).toHaveBeenCalledTimes(1);
      expect(drive.errors).toEqual([new Error('bad')]);
    });
  });

  describe('cancelling', () => {
    it('never runs what was cancelled', async () => {
      const { drive, log, note } = logged();
      const cancelled = drive.scheduler.schedule(note('cancelled'), 10);
      drive.scheduler.schedule(note('kept'), 10);
      cancelled.unsubscribe();
      cancelled.unsubscribe();
      await drive.out();
      expect(log).toEqual(['10 kept']);
      expect(drive.scheduler.size).toBe(0);
    });

    it('cancels a task that is due in the same flush from within another', async () => {
      const { drive, log, note } = logged();
      drive.scheduler.schedule(() => second.unsubscribe(), 10);
      const second = drive.scheduler.schedule(note('second'), 10);
      drive.scheduler.schedule(note('third'), 10);
      await drive.out();
      expect(log).toEqual(['10 third']);
      expect(drive.scheduler.size).toBe(0);
    });

    it('leaves no wake-up with the clock after the last timer was cancelled', async () => {
      const drive = new Drive();
      const subscriptions = [10, 20, 30].map((due) => drive.scheduler.schedule(() => undefined, due));
      for (const subscription of subscriptions) subscription.unsubscribe();
      expect(drive.scheduler.size).toBe(0);
      await Promise.resolve();
      expect(drive.clock.nextWake).toBe(Infinity);
    });

    it('wakes again for what is armed after such a rest', async () => {
      const { drive, log, note } = logged();
      drive.scheduler.schedule(note('cancelled'), 10).unsubscribe();
      await turn();
      drive.scheduler.schedule(note('kept'), 20);
      await drive.out();
      expect(log).toEqual(['20 kept']);
    });

    it('does not disturb the clock when a timer is cancelled and armed again in one turn', async () => {
      const drive = new Drive();
      const wakeAt = jest.spyOn(drive.clock, 'wakeAt');
      const cancel = jest.spyOn(drive.clock, 'cancel');
      let subscription = drive.scheduler.schedule(() => undefined, 10);
      for (let round = 0; round < 100; round++) {
        subscription.unsubscribe();
        subscription = drive.scheduler.schedule(() => undefined, 10 + round);
      }
      await turn();
      expect(wakeAt).toHaveBeenCalledTimes(1);
      expect(cancel).not.toHaveBeenCalled();
      subscription.unsubscribe();
      await turn();
      expect(cancel).toHaveBeenCalledTimes(1);
      expect(drive.clock.nextWake).toBe(Infinity);
    });

    it('leaves nothing when the last timer is cancelled within a flush', async () => {
      const drive = new Drive();
      const later = drive.scheduler.schedule(() => undefined, 50);
      drive.scheduler.schedule(() => later.unsubscribe(), 10);
      await drive.to(10);
      expect(drive.scheduler.size).toBe(0);
      expect(drive.clock.nextWake).toBe(Infinity);
    });
  });

  describe('the clock', () => {
    it('has one wake-up at most, for the earliest instant', async () => {
      const drive = new Drive();
      const wakes = wakesOf(drive.clock);
      const seen: number[] = [];
      for (const due of [500, 30, 40, 20, 25, 10])
        drive.scheduler.schedule(() => {
          seen.push(wakes.armed());
          if (due < 100) drive.scheduler.schedule(() => seen.push(wakes.armed()), 3);
        }, due);
      expect(wakes.armed()).toBe(1);
      expect(drive.clock.nextWake).toBe(10);
      await drive.out();
      expect(Math.max(...seen)).toBe(0);
      expect(wakes.most()).toBe(1);
      expect(drive.scheduler.size).toBe(0);
    });

    it('is woken earlier when a timer is moved to an earlier instant, and no more often when to a later one', () => {
      const clock = new VirtualClock();
      const scheduler = new Scheduler(clock);
      const wakeAt = jest.spyOn(clock, 'wakeAt');
      const slot = scheduler.arm(50, task());
      scheduler.rearm(slot, 20);
      expect(clock.nextWake).toBe(20);
      scheduler.rearm(slot, 80);
      scheduler.rearm(slot, 90);
      expect(wakeAt).toHaveBeenCalledTimes(2);
      clock.advanceTo(20);
      expect(clock.nextWake).toBe(90);
      scheduler.disarm(slot);
    });

    it('may wake too early: nothing runs before its instant', () => {
      const clock = new VirtualClock();
      const scheduler = new Scheduler(clock);
      const due = task();
      scheduler.arm(1000, due);
      clock.setWallBy(0);
      clock.advanceTo(clock.nextWake);
      expect(due.run).not.toHaveBeenCalled();
      expect(clock.nextWake).toBe(1000);
      clock.advanceTo(1000);
      expect(due.run).toHaveBeenCalledTimes(1);
    });

    it('is read once a turn: all that runs in a flush, and the microtasks behind it, see one instant', async () => {
      const clock = new VirtualClock();
      const scheduler = new Scheduler(clock);
      const now = jest.spyOn(clock, 'now');
      const seen: number[] = [];
      const note = (): void => {
        clock.stall(7);
        seen.push(scheduler.now());
        void Promise.resolve().then(() => seen.push(scheduler.now()));
      };
      for (let index = 0; index < 3; index++) scheduler.schedule(note, 10);
      now.mockClear();
      clock.advanceTo(10);
      expect(seen).toEqual([10, 10, 10]);
      expect(now).toHaveBeenCalledTimes(1);
      await turn();
      expect(seen).toEqual([10, 10, 10, 10, 10, 10]);
      expect(scheduler.now()).toBe(31);
      expect(scheduler.size).toBe(0);
    });

    it('is read once a turn outside a flush, too', async () => {
      const clock = new VirtualClock();
      const scheduler = new Scheduler(clock);
      const now = jest.spyOn(clock, 'now');
      expect([scheduler.now(), scheduler.now()]).toEqual([0, 0]);
      expect(now).toHaveBeenCalledTimes(1);
      clock.stall(7);
      expect(scheduler.now()).toBe(0);
      await turn();
      expect(scheduler.now()).toBe(7);
    });

    it('tells wall and monotonic time apart', () => {
      const drive = new Drive(1000);
      drive.clock.setWallBy(-DAY);
      expect(drive.scheduler.now()).toBe(1000);
      expect(drive.scheduler.wallNow()).toBe(1000 - DAY);
    });
  });

  describe('delays', () => {
    it('takes delays beyond 2^31-1 ms [B16]', async () => {
      const drive = new Drive();
      const { seen } = drive.record(timer(2 ** 31, drive.scheduler));
      await drive.to(2 ** 31 - 1);
      expect(seen).toEqual([]);
      await drive.to(2 ** 31);
      expect(seen).toEqual([`${2 ** 31} 0`, `${2 ** 31} |`]);
      expect(drive.scheduler.size).toBe(0);
    });

    it('never runs what is infinitely far away, and keeps nothing of it', async () => {
      const drive = new Drive();
      const { seen, subscription } = drive.record(timer(Infinity, drive.scheduler));
      expect(drive.scheduler.size).toBe(0);
      expect(drive.clock.nextWake).toBe(Infinity);
      await drive.to(1e15);
      expect(seen).toEqual([]);
      subscription.unsubscribe();
    });

    it('refuses NaN', () => {
      const drive = new Drive();
      expect(() => drive.scheduler.schedule(() => undefined, NaN)).toThrow(
        expect.objectContaining({ code: 'bad-duration', message: expect.stringContaining('NaN') }),
      );
      expect(drive.scheduler.size).toBe(0);
    });

    it('lets an interval not drift when flushes are late', async () => {
      const { drive, log, note } = logged();
      const subscription = interval(100, drive.scheduler).subscribe((n) => note(`tick ${n}`)());
      for (let n = 0; n < 4; n++) {
        await drive.to(n * 100 + 90);
        await drive.stall(40);
      }
      await drive.to(500);
      subscription.unsubscribe();
      expect(log).toEqual(['130 tick 0', '230 tick 1', '330 tick 2', '430 tick 3', '500 tick 4']);
      expect(drive.scheduler.size).toBe(0);
    });

    it('starts an interval anew from now when it has lost a whole period', async () => {
      const drive = new Drive();
      const { seen, subscription } = drive.record(interval(100, drive.scheduler));
      await drive.stall(250);
      await drive.to(500);
      expect(seen).toEqual(['250 0', '350 1', '450 2']);
      subscription.unsubscribe();
      expect(drive.scheduler.size).toBe(0);
    });
  });

  describe('the budget of a flush', () => {
    it('gives the turn back to the host after about 10 ms, and goes on in the next', async () => {
      const { drive, log, note } = logged();
      const performanceNow = jest.spyOn(performance, 'now');
      let real = 0;
      performanceNow.mockImplementation(() => real);
      for (let index = 0; index < 100; index++) {
        drive.scheduler.schedule(() => {
          real += 0.5;
          note(`${index}`)();
        }, 10);
      }
      drive.clock.advanceTo(10);
      // It looks at the clock once in 32 tasks.
      expect(log).toHaveLength(32);
      expect(drive.clock.nextWake).toBe(10);
      drive.clock.advanceTo(10);
      expect(log).toHaveLength(64);
      await drive.out();
      expect(log).toEqual(Array.from({ length: 100 }, (_, index) => `10 ${index}`));
      expect(drive.scheduler.size).toBe(0);
    });

    it('gives it back after 65,536 tasks in any case, so that an endless chain starves nobody', async () => {
      const drive = new Drive();
      jest.spyOn(performance, 'now').mockReturnValue(0);
      let runs = 0;
      const endless = drive.scheduler.schedule(function () {
        runs++;
        this.schedule();
      });
      drive.clock.advanceTo(0);
      expect(runs).toBe(65_536);
      drive.clock.advanceTo(0);
      expect(runs).toBe(131_072);
      endless.unsubscribe();
      await turn();
      expect(drive.scheduler.size).toBe(0);
      expect(drive.clock.nextWake).toBe(Infinity);
    });

    it('keeps the order when a later task is armed for the rest of the flush', async () => {
      const { drive, log, note } = logged();
      jest.spyOn(performance, 'now').mockImplementation(() => log.length);
      for (let index = 0; index < 40; index++) drive.scheduler.schedule(note(`${index}`), 10);
      drive.clock.advanceTo(10);
      expect(log).toHaveLength(32);
      drive.scheduler.schedule(note('late'));
      await drive.out();
      expect(log.slice(-2)).toEqual(['10 39', '10 late']);
      expect(drive.scheduler.size).toBe(0);
    });
  });

  describe('slack', () => {
    it('lets timers that are due about the same time share a wake-up, none of them early', async () => {
      const drive = new Drive(0, { slack: '50ms' });
      const wakeAt = jest.spyOn(drive.clock, 'wakeAt');
      const { seen } = drive.record(
        merge(...[101, 110, 149, 150, 151].map((due) => timer(due, drive.scheduler).pipe(map(() => due)))),
      );
      await drive.out();
      expect(seen).toEqual(['150 101', '150 110', '150 149', '150 150', '200 151', '200 |']);
      expect(wakeAt.mock.calls.map(([due]) => due)).toEqual([150, 200]);
      expect(drive.scheduler.size).toBe(0);
    });

    it('runs what is due at once without waiting for it', async () => {
      const { drive, log, note } = logged(new Drive(120, { slack: 50 }));
      drive.scheduler.schedule(note('now'));
      await drive.to(120);
      expect(log).toEqual(['120 now']);
    });

    it('is refused when it is no duration', () => {
      expect(() => new Scheduler(new VirtualClock(), { slack: -1 })).toThrow(
        expect.objectContaining({ code: 'bad-duration' }),
      );
    });

    it('neither wakes early nor for ever, whatever the fractions', () => {
      fc.assert(
        fc.property(
          fc.oneof(
            fc.constantFrom(0.1, 0.3, 1 / 3, 1.1, 7, 15),
            fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
          ),
          fc.double({ min: 0, max: 1e6, noNaN: true }),
          fc.nat(1000),
          fc.integer({ min: -2, max: 2 }),
          (slack, start, steps, ulps) => {
            const clock = new VirtualClock(start);
            const scheduler = new Scheduler(clock, { slack });
            const due = task();
            const grid = Math.ceil(start / slack + steps) * slack;
            scheduler.arm(Math.max(start, grid * (1 + ulps * Number.EPSILON)), due);
            const [armed] = scheduler.armed();
            clock.advanceTo(clock.nextWake);
            expect(due.run).toHaveBeenCalledTimes(1);
            expect(clock.now()).toBeGreaterThanOrEqual(armed!.due);
            expect(clock.now() - armed!.due).toBeLessThanOrEqual(slack * (1 + 1e-9));
          },
        ),
        { numRuns: 2000 },
      );
    });
  });

  describe('ranks', () => {
    it('counts what is armed by rank', () => {
      const { scheduler } = new Drive();
      const slots = [FINITE, ENDLESS, ENDLESS].map((rank) => scheduler.arm(5, task(), rank));
      expect([FINITE, INTERVAL, ENDLESS].map((rank) => scheduler.count(rank))).toEqual([1, 0, 2]);
      for (const slot of slots) scheduler.disarm(slot);
      expect([FINITE, INTERVAL, ENDLESS].map((rank) => scheduler.count(rank))).toEqual([0, 0, 0]);
    });

    it('gives what a task arms the rank of that task at least', async () => {
      const drive = new Drive();
      const { scheduler } = drive;
      const ranks: number[] = [];
      const within = (): void => {
        scheduler.arm(100, task());
        scheduler.arm(100, task(), ENDLESS);
        ranks.push(scheduler.present.rank);
      };
      scheduler.arm(10, { ...task(), run: within }, INTERVAL);
      await drive.to(10);
      expect(ranks).toEqual([INTERVAL]);
      expect(scheduler.present.rank).toBe(FINITE);
      expect([...scheduler.armed()].map(({ rank }) => rank)).toEqual([INTERVAL, ENDLESS]);
      await drive.out();
      expect(scheduler.size).toBe(0);
    });

    it('takes work that repeats itself for an interval from its second round on', async () => {
      const drive = new Drive();
      const subscription = interval(10, drive.scheduler).subscribe();
      expect(drive.scheduler.count(FINITE)).toBe(1);
      await drive.to(10);
      expect([drive.scheduler.count(FINITE), drive.scheduler.count(INTERVAL)]).toEqual([0, 1]);
      subscription.unsubscribe();
      expect(drive.scheduler.size).toBe(0);
    });
  });

  it('has nothing to do with any other scheduler', async () => {
    const [one, other] = [new Drive(), new Drive(5000)];
    const { seen } = one.record(timer(10, one.scheduler));
    const { subscription } = other.record(timer(10, other.scheduler));
    await one.to(15);
    expect(seen).toEqual(['10 0', '10 |']);
    expect(one.scheduler.size).toBe(0);
    expect(other.scheduler.size).toBe(1);
    subscription.unsubscribe();
  });

  it('passes the state on from round to round', async () => {
    const drive = new Drive();
    const states: unknown[] = [];
    drive.scheduler.schedule(
      function (this: SchedulerAction<number>, state = 0) {
        states.push(state);
        if (state < 3) this.schedule(state + 1, 10);
      },
      10,
      1,
    );
    await drive.out();
    expect(states).toEqual([1, 2, 3]);
    expect(drive.clock.now()).toBe(30);
    expect(drive.scheduler.size).toBe(0);
  });

  it('can be driven by a task that lets the machine stall', async () => {
    const { drive, log, note } = logged();
    drive.scheduler.schedule(() => drive.clock.stall(100), 10);
    drive.scheduler.schedule(note('meanwhile'), 50);
    await drive.out();
    expect(log).toEqual(['110 meanwhile']);
  });
});

function logged(drive = new Drive()) {
  const log: string[] = [];
  const note = (what: string) => (): void => void log.push(`${drive.scheduler.now()} ${what}`);
  return { drive, log, note };
}

function task(): Task {
  return { run: jest.fn(), fail: jest.fn() };
}

/** Counts the wake-ups that are armed with a clock. */
function wakesOf(clock: VirtualClock) {
  let armed = 0;
  let most = 0;
  const { wakeAt, cancel } = clock;
  clock.wakeAt = (instant, wake) => {
    most = Math.max(most, ++armed);
    return wakeAt.call(clock, instant, () => {
      armed--;
      wake();
    });
  };
  clock.cancel = (wake) => {
    armed--;
    cancel.call(clock, wake);
  };
  return { armed: () => armed, most: () => most };
}
