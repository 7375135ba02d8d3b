import { NEVER, of, Subject } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { at, type DateInput, toInstant } from '../../../lib/time/operators/at';
import { every } from '../../../lib/time/operators/every';
import type { Tick } from '../../../lib/time/operators/Tick';
import type { TimerPart } from '../../../lib/time/queue/Timers';
import { Drive } from '../support/Drive';
import { expectCase, grounds } from '../support/grounds';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const tick = (instant: number): Tick => ({ at: instant, index: 1, missed: 0 });

describe('at', () => {
  describe.each(grounds)('on %s', (_name, create) => {
    it('ticks when the clock shows the date', () =>
      expectCase(create(), {
        trigger: '      -a------------',
        operator: (scheduler) => at(new Date(5), scheduler),
        result: '       -----x--------',
        values: { x: tick(5) },
      }));

    it('ticks at once when the date has passed, and stands for that date', () =>
      expectCase(create(), {
        trigger: '      --------a-----',
        operator: (scheduler) => at('1970-01-01T00:00:00.005Z', scheduler),
        result: '       --------x-----',
        values: { x: tick(5) },
      }));

    it('starts the wait again when the trigger repeats', () =>
      expectCase(create(), {
        trigger: '      9--3-----------7--|',
        operator: (scheduler) => at((value) => Number(value), scheduler),
        result: '       ---x-----------y--|',
        values: { x: tick(3), y: tick(7) },
      }));

    it('ticks once for two triggers in one frame', () =>
      expectCase(create(), {
        trigger: '      -(ab)--------',
        operator: (scheduler) => at(4, scheduler),
        result: '       ----x--------',
        values: { x: tick(4) },
      }));

    it('finishes the wait when the triggers complete in it, and lets go of them at once', () =>
      expectCase(create(), {
        trigger: '      -a-|',
        operator: (scheduler) => at(6, scheduler),
        result: '       ------(x|)',
        values: { x: tick(6) },
        letsGo: '       ^--!',
      }));

    it('passes on what the function throws', () =>
      expectCase(create(), {
        trigger: '      5-a---',
        operator: (scheduler) =>
          at((value) => {
            if (value === 'a') throw new Error('no a');
            return Number(value);
          }, scheduler),
        result: '       --#',
        failure: new Error('no a'),
        letsGo: '       ^-!',
      }));

    it('passes on that the function gave no date', () =>
      expectCase(create(), {
        trigger: '      -a---',
        operator: (scheduler) => at(() => new Date(NaN), scheduler),
        result: '       -#',
        failure: expect.objectContaining({ code: 'bad-date' }),
        letsGo: '       ^!',
      }));
  });

  it('refuses a date that is none where it is written', () => {
    expect(() => at('tomorrow')).toThrow(expect.objectContaining({ code: 'bad-date' }));
  });

  it('counts from the trigger: every tick is the first', async () => {
    const drive = new Drive();
    const trigger = new Subject<number>();
    const { seen, subscription } = drive.record(trigger.pipe(at((date) => date, drive.scheduler)));
    trigger.next(5);
    await drive.to(6);
    trigger.next(8);
    await drive.to(9);
    expect(seen).toEqual(['5 {"at":5,"index":1,"missed":0}', '8 {"at":8,"index":1,"missed":0}']);
    subscription.unsubscribe();
    expect(drive.scheduler.size).toBe(0);
  });

  it('arms nothing when its function halts it', async () => {
    const drive = new Drive();
    let timer: TimerPart | undefined;
    jest.spyOn(drive.scheduler, 'enter').mockImplementation((entered) => void (timer = entered));
    const trigger = new Subject<void>();
    const date = () => {
      timer?.halt();
      return 5;
    };
    const { seen, subscription } = drive.record(trigger.pipe(at(date, drive.scheduler)));
    trigger.next();
    expect(drive.scheduler.size).toBe(0);
    await drive.to(10);
    expect(seen).toEqual([]);
    subscription.unsubscribe();
  });

  describe('when the wall clock is set', () => {
    const START = Date.UTC(2024, 0, 1);
    const DUE = START + HOUR;

    function armed() {
      const drive = new Drive(START);
      const trigger = new Subject<void>();
      const { seen, subscription } = drive.record(trigger.pipe(at(new Date(DUE), drive.scheduler)));
      // Somebody else keeps the machine awake, so that a step is noticed at any time.
      const other = drive.record(trigger.pipe(every('1m', {}, drive.scheduler)));
      trigger.next();
      const ticks = () => seen.map((text) => parseFloat(text) - START);
      const end = () => {
        subscription.unsubscribe();
        other.subscription.unsubscribe();
      };
      return { drive, ticks, trigger, end };
    }

    it('waits the longer when it is set back', async () => {
      const { drive, ticks, end } = armed();
      await drive.to(START + HOUR / 2);
      drive.clock.setWallBy(-DAY);
      await drive.to(START + DAY);
      expect(ticks()).toEqual([]);
      await drive.to(START + 2 * DAY);
      expect(ticks()).toEqual([DAY + HOUR]);
      end();
      expect(drive.scheduler.size).toBe(0);
    });

    it('waits the shorter when it is set forward', async () => {
      const { drive, ticks, end } = armed();
      await drive.to(START + HOUR / 4);
      drive.clock.setWallBy(HOUR / 4);
      await drive.to(START + DAY);
      expect(ticks()).toEqual([(HOUR * 3) / 4]);
      end();
      expect(drive.scheduler.size).toBe(0);
    });

    it('ticks at once when it is set forward over the date', async () => {
      const { drive, ticks, end } = armed();
      await drive.to(START + HOUR / 4);
      drive.clock.setWallBy(10 * DAY);
      await drive.to(START + HOUR / 4);
      expect(ticks()).toEqual([HOUR / 4]);
      end();
      expect(drive.scheduler.size).toBe(0);
    });

    it('ticks no second time when it is set back after the tick', async () => {
      const { drive, ticks, end } = armed();
      await drive.to(DUE + 1);
      drive.clock.setWallBy(-HOUR / 6);
      await drive.to(START + DAY);
      expect(ticks()).toEqual([HOUR]);
      end();
      expect(drive.scheduler.size).toBe(0);
    });

    it('is not early when the wall clock is slewed by less than counts as a step', async () => {
      const { drive, ticks, end } = armed();
      await drive.to(DUE - 1000);
      drive.clock.setWallBy(-400);
      await drive.to(DUE + DAY);
      expect(ticks()).toEqual([HOUR + 400]);
      end();
      expect(drive.scheduler.size).toBe(0);
    });

    it('follows steps too small to be noticed that add up', async () => {
      const { drive, ticks, end } = armed();
      for (let steps = 1; steps <= 10; steps++) {
        await drive.to(START + steps * 1000);
        drive.clock.setWallBy(400);
      }
      await drive.to(DUE + DAY);
      // At most one step that is too small is left over: the tick is late by as much, and never early.
      expect(ticks()[0]).toBeGreaterThanOrEqual(HOUR - 4000);
      expect(ticks()[0]).toBeLessThan(HOUR - 4000 + 500);
      end();
      expect(drive.scheduler.size).toBe(0);
    });

    it('is set back in the very moment in which the date has come, and waits again', async () => {
      const { drive, ticks, end } = armed();
      await drive.to(DUE - 1);
      drive.clock.stall(1);
      drive.clock.setWallBy(-2000);
      await drive.to(DUE + DAY);
      expect(ticks()).toEqual([HOUR + 2000]);
      end();
      expect(drive.scheduler.size).toBe(0);
    });

    it('does not count as a trigger', async () => {
      const { drive, ticks, end } = armed();
      const untriggered = drive.record(NEVER.pipe(at(START + 5, drive.scheduler)));
      drive.clock.setWallBy(DAY);
      await drive.to(START + HOUR);
      expect(untriggered.seen).toEqual([]);
      expect(ticks()).toEqual([0]);
      untriggered.subscription.unsubscribe();
      end();
      expect(drive.scheduler.size).toBe(0);
    });

    it('is heard by no subscription that has ended', async () => {
      const { drive, ticks, end } = armed();
      end();
      drive.clock.setWallBy(10 * DAY);
      await drive.to(START + DAY);
      expect(ticks()).toEqual([]);
      expect(drive.scheduler.size).toBe(0);
      expect(Reflect.get(Reflect.get(drive.scheduler, 'wall'), 'listeners')).toHaveProperty('size', 0);
    });
  });

  it('lets work that was there before go first when the date has passed', async () => {
    const drive = new Drive(1000);
    const log: string[] = [];
    drive.scheduler.schedule(() => log.push('work'));
    of('a')
      .pipe(at(500, drive.scheduler))
      .subscribe(() => log.push('tick'));
    await drive.out();
    expect(log).toEqual(['work', 'tick']);
    expect(drive.scheduler.size).toBe(0);
  });

  it('waits for a date that is years away', async () => {
    const drive = new Drive(Date.UTC(2024, 0, 1));
    const { seen } = drive.record(of('a').pipe(at('2034-01-01', drive.scheduler)));
    await drive.out();
    const due = Date.UTC(2034, 0, 1);
    expect(seen).toEqual([`${due} {"at":${due},"index":1,"missed":0}`, `${due} |`]);
    expect(drive.scheduler.size).toBe(0);
  });

  it('is virtual in TestScheduler.run without a scheduler argument', () => {
    new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(
      ({ hot, expectObservable }) => {
        expectObservable(hot('a-|').pipe(at(4))).toBe('----(x|)', { x: tick(4) });
      },
    );
  });
});

describe('toInstant', () => {
  it.each([
    [new Date(7), 7],
    [7, 7],
    [-7, -7],
    ['2024-03-01T04:30Z', Date.UTC(2024, 2, 1, 4, 30)],
    ['2024-03-01T04:30:05.250Z', Date.UTC(2024, 2, 1, 4, 30, 5, 250)],
    ['2024-03-01T04:30:00+02:00', Date.UTC(2024, 2, 1, 2, 30)],
    ['2024-03-01T04:30:00-0530', Date.UTC(2024, 2, 1, 10, 0)],
    ['2024-03-01', Date.UTC(2024, 2, 1)],
  ])('reads %j', (date, instant) => {
    expect(toInstant(date)).toBe(instant);
  });

  it.each<[DateInput, string]>([
    ['2024-03-01T04:30', '"2024-03-01T04:30"'],
    ['04:30Z', '"04:30Z"'],
    ['01/02/2024 10:00Z', '"01/02/2024 10:00Z"'],
    ['March 7 -0500', '"March 7 -0500"'],
    ['2024-13-01', '"2024-13-01"'],
    ['2024-02-30', '"2024-02-30"'],
    ['', '""'],
    [NaN, 'NaN'],
    [Infinity, 'Infinity'],
    [9e15, '9000000000000000'],
    [new Date(NaN), 'Invalid Date'],
  ])('refuses %p with the text that was given', (date, text) => {
    expect(() => toInstant(date)).toThrow(
      expect.objectContaining({
        code: 'bad-date',
        message: expect.stringContaining(`${text} is no instant`),
      }),
    );
  });
});
