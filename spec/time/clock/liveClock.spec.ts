import { of, Subject } from 'rxjs';
import { after } from '../../../lib/time/operators/after';
import { at } from '../../../lib/time/operators/at';
import { every } from '../../../lib/time/operators/every';
import { liveClock } from '../../../lib/time/clock/liveClock';
import { Scheduler } from '../../../lib/time/queue/Scheduler';

const START = Date.UTC(2024, 0, 1);
const MINUTE = 60_000;
const DAY = 86_400_000;

describe('liveClock', () => {
  beforeEach(() => jest.useFakeTimers({ now: START }));
  afterEach(() => {
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  it('starts with the wall clock, and goes on with the monotonic one', () => {
    const clock = liveClock();
    expect(clock.now()).toBe(START);
    expect(clock.wallNow()).toBe(START);
    jest.advanceTimersByTime(1500);
    expect(clock.now()).toBe(START + 1500);
    expect(clock.wallNow()).toBe(START + 1500);
  });

  it('does not go back when the wall clock is set back', () => {
    const clock = liveClock();
    jest.advanceTimersByTime(1000);
    jest.setSystemTime(START - DAY);
    expect(clock.wallNow()).toBe(START - DAY);
    expect(clock.now()).toBe(START + 1000);
    jest.advanceTimersByTime(1000);
    expect(clock.now()).toBe(START + 2000);
  });

  it('shows a minute a second at a speed of 60', () => {
    const clock = liveClock({ speed: 60 });
    const wake = jest.fn();
    clock.wakeAt(START + 10 * MINUTE, wake);
    jest.advanceTimersByTime(9999);
    expect(wake).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(wake).toHaveBeenCalledTimes(1);
    expect(clock.now()).toBe(START + 10 * MINUTE);
    expect(clock.wallNow()).toBe(START + 10 * MINUTE);
  });

  it('can be slower than the host', () => {
    const clock = liveClock({ speed: 0.5 });
    const wake = jest.fn();
    clock.wakeAt(START + 1000, wake);
    jest.advanceTimersByTime(1999);
    expect(wake).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(wake).toHaveBeenCalledTimes(1);
  });

  it('sees the same time in each life that begins at the same instant', () => {
    const clock = liveClock({ speed: 60, since: START - 10_000 });
    expect(clock.now()).toBe(START - 10_000 + 10 * MINUTE);
    jest.advanceTimersByTime(1000);
    const later = liveClock({ speed: 60, since: START - 10_000 });
    for (const one of [clock, later]) {
      expect(one.now()).toBe(START - 10_000 + 11 * MINUTE);
      expect(one.wallNow()).toBe(one.now());
    }
    expect(() => liveClock({ since: NaN })).toThrow(expect.objectContaining({ code: 'bad-option' }));
  });

  it.each([0, -1, NaN, Infinity])('refuses a speed of %d', (speed) => {
    expect(() => liveClock({ speed })).toThrow(
      expect.objectContaining({ code: 'bad-option', message: expect.stringContaining(String(speed)) }),
    );
  });

  it('wakes once, at the instant or as soon as it can after it', () => {
    const clock = liveClock();
    const wake = jest.fn(() => clock.now());
    clock.wakeAt(START + 20.4, wake);
    jest.advanceTimersByTime(20);
    expect(wake).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1000);
    expect(wake.mock.results).toEqual([{ type: 'return', value: START + 21 }]);
  });

  it.each([30 * DAY, 2 ** 31, 2 ** 40, Number.MAX_VALUE, Infinity])(
    'waits no longer than a minute for an instant in %d ms, and never wakes at once',
    (span) => {
      const clock = liveClock();
      const wake = jest.fn();
      clock.wakeAt(START + span, wake);
      jest.advanceTimersByTime(MINUTE - 1);
      expect(wake).not.toHaveBeenCalled();
      jest.advanceTimersByTime(1);
      expect(wake).toHaveBeenCalledTimes(1);
      expect(jest.getTimerCount()).toBe(0);
    },
  );

  it('takes a wake-up back', () => {
    const clock = liveClock();
    const wake = jest.fn();
    const later = clock.wakeAt(START + 10, wake);
    const soon = clock.wakeAt(START, wake);
    clock.cancel(later);
    clock.cancel(soon);
    expect(jest.getTimerCount()).toBe(0);
    jest.advanceTimersByTime(MINUTE);
    expect(wake).not.toHaveBeenCalled();
    clock.cancel(later);
  });

  it('leaves a wake-up alone that has come', () => {
    const clock = liveClock();
    const wake = clock.wakeAt(START + 10, jest.fn());
    jest.advanceTimersByTime(10);
    const next = jest.fn();
    clock.wakeAt(START + 20, next);
    clock.cancel(wake);
    jest.advanceTimersByTime(10);
    expect(next).toHaveBeenCalledTimes(1);
  });

  describe('for an instant that has come', () => {
    it('wakes in the next turn, by setImmediate', () => {
      const setImmediate = jest.spyOn(globalThis, 'setImmediate');
      const setTimeout = jest.spyOn(globalThis, 'setTimeout');
      const clock = liveClock();
      const wake = jest.fn();
      clock.wakeAt(START, wake);
      clock.wakeAt(START - 5, wake);
      expect(wake).not.toHaveBeenCalled();
      expect(setImmediate).toHaveBeenCalledTimes(2);
      expect(setTimeout).not.toHaveBeenCalled();
      jest.advanceTimersByTime(0);
      expect(wake).toHaveBeenCalledTimes(2);
    });

    it('wakes by the shortest timer where there is no setImmediate', () => {
      const original = Object.getOwnPropertyDescriptor(globalThis, 'setImmediate')!;
      Reflect.deleteProperty(globalThis, 'setImmediate');
      try {
        const clock = liveClock();
        const wake = jest.fn();
        clock.wakeAt(START, wake);
        clock.cancel(clock.wakeAt(START, wake));
        expect(wake).not.toHaveBeenCalled();
        jest.advanceTimersByTime(1);
        expect(wake).toHaveBeenCalledTimes(1);
      } finally {
        Object.defineProperty(globalThis, 'setImmediate', original);
      }
    });
  });

  it('obeys timers that are replaced after it was made', () => {
    jest.useRealTimers();
    const clock = liveClock();
    const setTimeout = jest.spyOn(globalThis, 'setTimeout').mockReturnValue(7 as never);
    const clearTimeout = jest.spyOn(globalThis, 'clearTimeout').mockReturnValue(undefined);
    const wake = clock.wakeAt(clock.now() + 1000, jest.fn());
    clock.cancel(wake);
    expect(setTimeout.mock.calls[0]?.[1]).toBeGreaterThan(900);
    expect(clearTimeout.mock.calls).toEqual([[7]]);
  });

  describe('under a Scheduler', () => {
    it('lets 30 days pass in steps of a minute [B16]', () => {
      const scheduler = new Scheduler(liveClock());
      const next = jest.fn();
      of('a').pipe(after('30d', scheduler)).subscribe(next);
      jest.advanceTimersByTime(30 * DAY - 1);
      expect(next).not.toHaveBeenCalled();
      expect(jest.getTimerCount()).toBe(1);
      jest.advanceTimersByTime(1);
      expect(next).toHaveBeenCalledTimes(1);
      expect(jest.getTimerCount()).toBe(0);
      expect(scheduler.size).toBe(0);
    });

    it('notices within a minute that the wall clock was set', () => {
      const scheduler = new Scheduler(liveClock());
      const next = jest.fn();
      of('a')
        .pipe(at(START + DAY, scheduler))
        .subscribe(next);
      jest.advanceTimersByTime(5000);
      jest.setSystemTime(START + 2 * DAY);
      jest.advanceTimersByTime(MINUTE);
      expect(next).toHaveBeenCalledTimes(1);
      expect(jest.getTimerCount()).toBe(0);
      expect(scheduler.size).toBe(0);
    });

    it('keeps to its periods when the wall clock is set', () => {
      const scheduler = new Scheduler(liveClock());
      const seen: number[] = [];
      const subscription = of('a')
        .pipe(every('30m', {}, scheduler))
        .subscribe((tick) => seen.push(tick.at - START));
      jest.advanceTimersByTime(45 * MINUTE);
      jest.setSystemTime(START - DAY);
      jest.advanceTimersByTime(30 * MINUTE);
      jest.setSystemTime(START + DAY);
      jest.advanceTimersByTime(30 * MINUTE);
      expect(seen).toEqual([30, 60, 90].map((minutes) => minutes * MINUTE));
      subscription.unsubscribe();
      expect(scheduler.size).toBe(0);
    });

    it('keeps no timer of the host when the last of its own is cancelled', async () => {
      const scheduler = new Scheduler(liveClock());
      const trigger = new Subject<void>();
      const subscription = trigger.pipe(after('1h', scheduler)).subscribe();
      trigger.next();
      jest.runAllTicks();
      expect(jest.getTimerCount()).toBe(1);
      subscription.unsubscribe();
      jest.runAllTicks();
      expect(jest.getTimerCount()).toBe(0);
      expect(scheduler.size).toBe(0);
    });
  });
});
