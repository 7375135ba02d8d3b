import { liveClock } from 'rx-agent-kit';
import type { Clock } from '../../../lib/time/clock/Clock';
import { GuardedClock } from '../../../lib/time/clock/GuardedClock';
import { onHostTurn } from '../../../lib/time/clock/hostTurn';
import { Deadlines, type DeadlineTask } from '../../../lib/time/queue/Deadlines';
import { FINITE } from '../../../lib/time/queue/rank';
import { Scheduler } from '../../../lib/time/queue/Scheduler';
import { NO_SLOT } from '../../../lib/time/queue/TimerQueue';
import { VirtualClock } from '../../../lib/time/virtual/VirtualClock';

const hostTurn = () => new Promise<void>((resolve) => onHostTurn(resolve));

function task(timeout: number) {
  const told: unknown[] = [];
  return {
    told,
    timeout,
    rank: FINITE,
    deadlineSlot: NO_SLOT,
    run: () => told.push('given up'),
    fail: (error: unknown) => told.push(error),
  } satisfies DeadlineTask & { readonly told: unknown[] };
}

/** A clock of the machine, as a host has it, on which nobody is ever woken. */
function onOwnClock(wakeAt?: Clock['wakeAt']) {
  const clock = liveClock();
  clock.wakeAt = wakeAt ?? (() => undefined);
  clock.cancel = () => undefined;
  const scheduler = new Scheduler(new GuardedClock(clock, () => undefined));
  return { scheduler, deadlines: new Deadlines(scheduler) };
}

describe('Deadlines', () => {
  it('arms nothing for what ends in the same turn of the host', async () => {
    const { scheduler, deadlines } = onOwnClock();
    const tasks = [1, 2, 3].map((ms) => task(ms));
    for (const each of tasks) deadlines.arm(each);
    await Promise.resolve();
    expect(scheduler.size).toBe(0);
    for (const each of tasks) deadlines.disarm(each);
    await hostTurn();
    expect(scheduler.size).toBe(0);
  });

  it('arms what is left at the end of the turn, and counts its time from then on', async () => {
    const { scheduler, deadlines } = onOwnClock();
    const [first, second, third] = [1000, 2000, 3000].map((ms) => task(ms));
    for (const each of [first!, second!, third!]) deadlines.arm(each);
    deadlines.disarm(second!);
    const before = scheduler.now();
    await hostTurn();
    const after = scheduler.now();
    const armed = [...scheduler.armed()];
    expect(armed.map(({ owner }) => owner)).toEqual([first, third]);
    for (const { due, owner } of armed) {
      const { timeout } = owner as DeadlineTask;
      expect(due).toBeGreaterThanOrEqual(before + timeout);
      expect(due).toBeLessThanOrEqual(after + timeout);
    }
    deadlines.disarm(third!);
    deadlines.disarm(third!);
    expect(scheduler.size).toBe(1);
  });

  it('disarms in any order, and arms anew', async () => {
    const { scheduler, deadlines } = onOwnClock();
    const tasks = [1, 2, 3, 4].map((s) => task(s * 1000));
    const [a, b, c, d] = tasks;
    for (const each of [a!, b!, c!]) deadlines.arm(each);
    for (const each of [c!, a!]) deadlines.disarm(each);
    for (const each of [d!, a!]) deadlines.arm(each);
    deadlines.disarm(b!);
    await hostTurn();
    expect([...scheduler.armed()].map(({ owner }) => owner)).toEqual([d, a]);
  });

  it('tells a task that it cannot be armed', async () => {
    const refusal = new RangeError('no more timers');
    const { scheduler, deadlines } = onOwnClock(() => {
      throw refusal;
    });
    scheduler.armed();
    const only = task(10);
    const failing = new Deadlines(
      Object.assign(Object.create(scheduler) as Scheduler, {
        arm() {
          throw refusal;
        },
      }),
    );
    failing.arm(only);
    await hostTurn();
    expect(only.told).toEqual([refusal]);
    failing.disarm(only);
    deadlines.disarm(only);
    expect(scheduler.size).toBe(0);
  });

  it('arms at once on a clock that others move', () => {
    const scheduler = new Scheduler(new VirtualClock());
    const deadlines = new Deadlines(scheduler);
    const only = task(10);
    deadlines.arm(only);
    expect(scheduler.size).toBe(1);
    deadlines.disarm(only);
    expect(scheduler.size).toBe(0);
  });
});
