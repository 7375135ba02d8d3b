import { asapScheduler, asyncScheduler, queueScheduler, VirtualTimeScheduler } from 'rxjs';
import { ForeignTimers, timersOf } from '../../../lib/time/queue/ForeignTimers';
import { FINITE } from '../../../lib/time/queue/rank';
import { NO_SLOT } from '../../../lib/time/queue/TimerQueue';
import type { Task } from '../../../lib/time/queue/Timers';
import { Drive, turn } from '../support/Drive';

describe('timersOf', () => {
  it("gives the kit's own schedulers as they are, and wraps all others", () => {
    const { scheduler } = new Drive();
    expect(timersOf(scheduler)).toBe(scheduler);
    for (const foreign of [asyncScheduler, asapScheduler, queueScheduler, new VirtualTimeScheduler()])
      expect(timersOf(foreign)).toBeInstanceOf(ForeignTimers);
  });
});

describe('ForeignTimers', () => {
  function onVirtualTime() {
    const scheduler = new VirtualTimeScheduler();
    const timers = new ForeignTimers(scheduler);
    const log: string[] = [];
    const task = (name: string, then: () => void = () => undefined): Task => ({
      run: () => {
        log.push(`${scheduler.now()} ${name}`);
        then();
      },
      fail: (error) => log.push(`${scheduler.now()} ${name} #${String(error)}`),
    });
    return { scheduler, timers, log, task };
  }

  it('runs each task at its instant', () => {
    const { scheduler, timers, log, task } = onVirtualTime();
    for (const due of [30, 10, 20]) timers.arm(due, task(`for ${due}`));
    scheduler.flush();
    expect(log).toEqual(['10 for 10', '20 for 20', '30 for 30']);
  });

  it('runs at once, in its turn, what has come due', () => {
    const { scheduler, timers, log, task } = onVirtualTime();
    timers.arm(-5, task('late'));
    expect(log).toEqual([]);
    scheduler.flush();
    expect(log).toEqual(['0 late']);
  });

  it('moves a timer to an earlier and to a later instant', () => {
    const { scheduler, timers, log, task } = onVirtualTime();
    const earlier = timers.arm(50, task('earlier'));
    const later = timers.arm(10, task('later'));
    timers.rearm(earlier, 20);
    timers.rearm(later, 30);
    scheduler.flush();
    expect(log).toEqual(['20 earlier', '30 later']);
  });

  it('never runs what was disarmed, and gives its slot to the next timer', () => {
    const { scheduler, timers, log, task } = onVirtualTime();
    const slot = timers.arm(10, task('disarmed'));
    timers.disarm(slot);
    expect(timers.arm(20, task('next'))).toBe(slot);
    scheduler.flush();
    expect(log).toEqual(['20 next']);
  });

  it('lets a task use its own slot again', () => {
    const { scheduler, timers, log, task } = onVirtualTime();
    let again = NO_SLOT;
    const slot = timers.arm(
      10,
      task('first', () => (again = timers.arm(20, task('second')))),
    );
    scheduler.flush();
    expect(again).toBe(slot);
    expect(log).toEqual(['10 first', '20 second']);
  });

  it('leaves a timer alone that has gone', () => {
    const { scheduler, timers, log, task } = onVirtualTime();
    const slot = timers.arm(10, task('once'));
    scheduler.flush();
    timers.rearm(slot, 20);
    scheduler.flush();
    expect(log).toEqual(['10 once']);
  });

  it('tells a task what it has thrown, and nobody else', () => {
    const { scheduler, timers, log, task } = onVirtualTime();
    timers.arm(
      10,
      task('bad', () => {
        throw new Error('no');
      }),
    );
    timers.arm(10, task('good'));
    scheduler.flush();
    expect(log).toEqual(['10 bad', '10 bad #Error: no', '10 good']);
  });

  it('makes a wait that is too long for the host of several', () => {
    const { scheduler, timers, log, task } = onVirtualTime();
    const schedule = jest.spyOn(scheduler, 'schedule');
    const slot = timers.arm(2 ** 33, task('after 99 days'));
    const cancelled = timers.arm(2 ** 33, task('cancelled'));
    scheduler.maxFrames = 2 ** 32;
    scheduler.flush();
    timers.disarm(cancelled);
    timers.rearm(slot, 2 ** 33 + 5);
    scheduler.maxFrames = Infinity;
    scheduler.flush();
    expect(log).toEqual([`${2 ** 33 + 5} after 99 days`]);
    for (const [, delay] of schedule.mock.calls) expect(delay).toBeLessThan(2 ** 31);
  });

  it('has no slot for a task that the scheduler ran at once', () => {
    const timers = new ForeignTimers(queueScheduler);
    const run = jest.fn();
    expect(timers.arm(0, { run, fail: jest.fn() })).toBe(NO_SLOT);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('runs tasks in microtasks on asapScheduler', async () => {
    const timers = new ForeignTimers(asapScheduler);
    const run = jest.fn();
    const slot = timers.arm(0, { run, fail: jest.fn() });
    const disarmed = jest.fn();
    timers.disarm(timers.arm(0, { run: disarmed, fail: jest.fn() }));
    expect(slot).not.toBe(NO_SLOT);
    expect(run).not.toHaveBeenCalled();
    await turn();
    expect(run).toHaveBeenCalledTimes(1);
    expect(disarmed).not.toHaveBeenCalled();
  });

  it('schedules as the scheduler itself does', () => {
    const { scheduler, timers, log } = onVirtualTime();
    const work = (state?: string): void => void log.push(`${scheduler.now()} ${state}`);
    timers.schedule(work, 10, 'later');
    timers.schedule(work, undefined, 'at once');
    scheduler.flush();
    expect(log).toEqual(['0 at once', '10 later']);
  });

  it('knows one clock, which nobody sets, and no ledger', () => {
    const { scheduler, timers } = onVirtualTime();
    scheduler.frame = 7;
    expect([timers.now(), timers.wallNow(), timers.present.rank]).toEqual([7, 7, FINITE]);
    expect(timers.timerWatcher).toBeUndefined();
    timers.onWallSet()();
  });
});
