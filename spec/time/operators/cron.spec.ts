import assert from 'node:assert/strict';
import fc from 'fast-check';
import { of, Subject, take } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { cron, type CronOptions } from '../../../lib/time/operators/cron';
import type { MissedPolicy, Tick } from '../../../lib/time/operators/Tick';
import { Drive } from '../support/Drive';
import { expectCase, grounds } from '../support/grounds';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SECONDLY = '* * * * * *';

const tick = (at: number, index: number, missed = 0): Tick => ({ at, index, missed });

describe('cron', () => {
  describe.each(grounds)('on %s', (_name, create) => {
    it('ticks at the instants of the expression from its trigger on', () =>
      expectCase(create(), {
        trigger: '      1500ms a',
        operator: (scheduler) => cron(SECONDLY, {}, scheduler),
        result: '       2s x 999ms y',
        values: { x: tick(2000, 1), y: tick(3000, 2) },
        subscription: ' ^ 3499ms !',
        letsGo: '       ^ 3499ms !',
      }));

    it('does not tick for the instant of the trigger itself', () =>
      expectCase(create(), {
        trigger: '      1s a',
        operator: (scheduler) => cron(SECONDLY, {}, scheduler),
        result: '       2s x',
        values: { x: tick(2000, 1) },
        subscription: ' ^ 2499ms !',
      }));

    it('starts anew when the trigger repeats', () =>
      expectCase(create(), {
        trigger: '      a 2499ms b',
        operator: (scheduler) => cron(SECONDLY, {}, scheduler),
        result: '       1s x 999ms y 999ms z',
        values: { x: tick(1000, 1), y: tick(2000, 2), z: tick(3000, 1) },
        subscription: ' ^ 3499ms !',
      }));

    it('goes on when the triggers complete, and lets go of them at once', () =>
      expectCase(create(), {
        trigger: '      a 500ms |',
        operator: (scheduler) => cron(SECONDLY, {}, scheduler),
        result: '       1s x 999ms y',
        values: { x: tick(1000, 1), y: tick(2000, 2) },
        subscription: ' ^ 2499ms !',
        letsGo: '       ^ 500ms !',
      }));

    it('ends with an error of the triggers', () =>
      expectCase(create(), {
        trigger: '      a 1499ms #',
        operator: (scheduler) => cron(SECONDLY, {}, scheduler),
        result: '       1s x 499ms #',
        values: { x: tick(1000, 1) },
        letsGo: '       ^ 1499ms !',
      }));

    it('ends with its last instant when the triggers have completed', () =>
      expectCase(create(), {
        trigger: '      a|',
        operator: (scheduler) => cron('1,3 0 0 1 1 * 1970', {}, scheduler),
        result: '       1s x 1999ms (y|)',
        values: { x: tick(1000, 1), y: tick(3000, 2) },
        letsGo: '       ^!',
      }));

    it('waits for another trigger after its last instant', () =>
      expectCase(create(), {
        trigger: '      a 1999ms b 2s |',
        operator: (scheduler) => cron('1 0 0 1 1 * 1970', {}, scheduler),
        result: '       1s x 3s |',
        values: { x: tick(1000, 1) },
      }));
  });

  it('refuses what is wrong where it is written', () => {
    expect(() => cron('61 * * * *')).toThrow(expect.objectContaining({ code: 'bad-cron' }));
    expect(() => cron(SECONDLY, { zone: 'Europe/Atlantis' })).toThrow(
      expect.objectContaining({ code: 'bad-zone' }),
    );
    expect(() => cron(SECONDLY, { missed: 'all' as MissedPolicy })).toThrow(
      expect.objectContaining({ code: 'bad-option' }),
    );
  });

  it('comes on the days that are given in either way [B18]', async () => {
    const drive = new Drive(Date.UTC(2024, 2, 1));
    const { seen } = drive.record(of('a').pipe(cron('30 4 1,15 * 5', {}, drive.scheduler), take(5)));
    await drive.out();
    expect(seen.slice(0, 5).map((text) => new Date(parseFloat(text)).toISOString().slice(0, 16))).toEqual([
      '2024-03-01T04:30',
      '2024-03-08T04:30',
      '2024-03-15T04:30',
      '2024-03-22T04:30',
      '2024-03-29T04:30',
    ]);
    expect(drive.scheduler.size).toBe(0);
  });

  it('follows the clock of its zone through a change', async () => {
    const drive = new Drive(Date.UTC(2026, 2, 28));
    const { seen, subscription } = drive.record(
      of('a').pipe(cron('30 2 * * *', { zone: 'Europe/Berlin' }, drive.scheduler)),
    );
    await drive.to(Date.UTC(2026, 2, 31));
    expect(seen.map((text) => new Date(parseFloat(text)).toISOString().slice(0, 16))).toEqual([
      '2026-03-28T01:30',
      '2026-03-29T01:00',
      '2026-03-30T00:30',
    ]);
    subscription.unsubscribe();
    expect(drive.scheduler.size).toBe(0);
  });

  it('leaves out what a stall has made due when it is triggered anew before', async () => {
    const drive = new Drive();
    const trigger = new Subject<void>();
    const { seen, subscription } = drive.record(trigger.pipe(cron('2 0 0 1 1 * 1970', {}, drive.scheduler)));
    trigger.next();
    drive.scheduler.schedule(() => trigger.next(), 1000);
    await drive.stall(5000);
    expect(seen).toEqual([]);
    expect(drive.scheduler.size).toBe(0);
    subscription.unsubscribe();
  });

  describe('when the wall clock is set', () => {
    const START = Date.UTC(2024, 0, 1, 12);

    function hourly(expression = '0 * * * *', options: CronOptions = {}) {
      const drive = new Drive(START);
      const { seen, subscription } = drive.record(of('a').pipe(cron(expression, options, drive.scheduler)));
      // The monotonic instant of each tick, and what it stands for, in minutes since the start.
      const ticks = () =>
        seen.map((text) => {
          const { at, index, missed } = JSON.parse(text.slice(text.indexOf(' '))) as Tick;
          return [(parseFloat(text) - START) / MINUTE, (at - START) / MINUTE, index, missed];
        });
      const end = () => {
        subscription.unsubscribe();
        expect(drive.scheduler.size).toBe(0);
      };
      return { drive, ticks, end };
    }

    it('ticks no second time when it is set back by ten minutes after a tick', async () => {
      const { drive, ticks, end } = hourly();
      await drive.to(START + 65 * MINUTE);
      drive.clock.setWallBy(-10 * MINUTE);
      await drive.to(START + 130 * MINUTE);
      expect(ticks()).toEqual([
        [60, 60, 1, 0],
        [130, 120, 2, 0],
      ]);
      end();
    });

    it('ticks no second time when it is set back in the very moment of a tick', async () => {
      const { drive, ticks, end } = hourly();
      await drive.to(START + 60 * MINUTE);
      drive.clock.setWallBy(-10 * MINUTE);
      await drive.to(START + 130 * MINUTE);
      expect(ticks()).toEqual([
        [60, 60, 1, 0],
        [130, 120, 2, 0],
      ]);
      end();
    });

    it('ticks no second time when it is set back over and over, by less than three hours in all', async () => {
      const { drive, ticks, end } = hourly();
      await drive.to(START + 125 * MINUTE);
      for (let step = 0; step < 10; step++) {
        drive.clock.setWallBy(-10 * MINUTE);
        await drive.to(drive.clock.now() + 1000);
      }
      await drive.to(START + 300 * MINUTE);
      expect(ticks()).toEqual([
        [60, 60, 1, 0],
        [120, 120, 2, 0],
        [280, 180, 3, 0],
      ]);
      end();
    });

    it('takes it for a new time when it is set back by a day', async () => {
      const { drive, ticks, end } = hourly();
      await drive.to(START + 65 * MINUTE);
      drive.clock.setWallBy(-DAY);
      await drive.to(START + 120 * MINUTE);
      expect(ticks()).toEqual([
        [60, 60, 1, 0],
        [120, 120 - 24 * 60, 2, 0],
      ]);
      end();
    });

    it('ticks at once when it is set forward over a tick', async () => {
      const { drive, ticks, end } = hourly();
      await drive.to(START + 30 * MINUTE);
      drive.clock.setWallBy(HOUR);
      await drive.to(START + 60 * MINUTE);
      expect(ticks()).toEqual([
        [30, 60, 1, 0],
        [60, 120, 2, 0],
      ]);
      end();
    });

    it('ticks once for all the ticks that it is set forward over', async () => {
      const { drive, ticks, end } = hourly();
      await drive.to(START + 30 * MINUTE);
      drive.clock.setWallBy(3 * DAY);
      await drive.to(START + 60 * MINUTE);
      expect(ticks()).toEqual([
        [30, 72 * 60, 72, 71],
        [60, 73 * 60, 73, 0],
      ]);
      end();
    });

    it('comes the sooner when it is set forward by less than a tick', async () => {
      const { drive, ticks, end } = hourly();
      await drive.to(START + 30 * MINUTE);
      drive.clock.setWallBy(10 * MINUTE);
      await drive.to(START + 60 * MINUTE);
      expect(ticks()).toEqual([[50, 60, 1, 0]]);
      end();
    });

    it('is set forward and back between two looks, and nothing comes of it', async () => {
      const { drive, ticks, end } = hourly();
      await drive.to(START + 30 * MINUTE);
      drive.clock.setWallBy(DAY);
      drive.clock.setWallBy(-DAY);
      await drive.to(START + 120 * MINUTE);
      expect(ticks()).toEqual([
        [60, 60, 1, 0],
        [120, 120, 2, 0],
      ]);
      end();
    });

    it('ticks no second time when it is set forward over a tick and then back', async () => {
      const { drive, ticks, end } = hourly();
      await drive.to(START + 50 * MINUTE);
      drive.clock.setWallBy(20 * MINUTE);
      await drive.to(START + 51 * MINUTE);
      drive.clock.setWallBy(-20 * MINUTE);
      await drive.to(START + 120 * MINUTE);
      expect(ticks()).toEqual([
        [50, 60, 1, 0],
        [120, 120, 2, 0],
      ]);
      end();
    });

    it('survives a step over more ticks than anybody can count', async () => {
      // A device without a battery boots in 1970; then the network tells it the year.
      const drive = new Drive(0);
      const { seen, subscription } = drive.record(of('a').pipe(cron(SECONDLY, {}, drive.scheduler)));
      await drive.to(5000);
      const wall = Date.UTC(2024, 0, 1, 0, 0, 0, 500);
      drive.clock.setWallBy(wall - 5000);
      await drive.to(6000);
      expect(seen.slice(5)).toEqual([
        `5000 {"at":${wall - 500},"index":10006,"missed":10000}`,
        `5500 {"at":${wall + 500},"index":10007,"missed":0}`,
      ]);
      subscription.unsubscribe();
      expect(drive.scheduler.size).toBe(0);
    });

    it('finds the last tick of a step over very many where they lie far apart', async () => {
      const drive = new Drive(0);
      const { seen } = drive.record(of('a').pipe(cron('0 * * * 1 * 1970-1972', {}, drive.scheduler)));
      drive.clock.setWallBy(Date.UTC(2024, 0, 1));
      await drive.out();
      expect(seen).toEqual([`0 {"at":${Date.UTC(1972, 0, 31, 23, 59)},"index":10001,"missed":10000}`, '0 |']);
      expect(drive.scheduler.size).toBe(0);
    });

    it('counts every tick once, however the clock is set about, and is never early', async () => {
      const TEN = 10 * MINUTE;
      await fc.assert(
        fc.asyncProperty(
          fc.array(
            fc.record({
              pass: fc.oneof(fc.nat(90 * MINUTE), fc.constantFrom(0, 1, TEN - 1, TEN, TEN + 1)),
              stalls: fc.boolean(),
              step: fc.oneof(
                fc.integer({ min: -60 * MINUTE, max: 300 * MINUTE }),
                fc.integer({ min: -499, max: 499 }),
                fc.constantFrom(0, TEN, -TEN, -TEN + 1, -HOUR, 2 * DAY),
              ),
              // Nobody is woken by a step on a live clock.
              isNoticed: fc.boolean(),
            }),
            { maxLength: 12 },
          ),
          async (steps) => {
            const drive = new Drive(START);
            let last = START;
            let index = 0;
            // Back by less than three hours in all: by more, it would be a new time.
            let back = 0;
            const subscription = of('a')
              .pipe(cron('*/10 * * * *', {}, drive.scheduler))
              .subscribe((tick) => {
                assert(tick.at <= drive.clock.wallNow());
                assert.equal(tick.at - last, (tick.missed + 1) * TEN);
                assert.equal(tick.index, (index += tick.missed + 1));
                last = tick.at;
              });
            for (const { pass, stalls, step, isNoticed } of steps) {
              if (stalls) await drive.stall(pass);
              else await drive.to(drive.clock.now() + pass);
              back -= Math.min(0, step);
              if (back >= 3 * HOUR) break;
              if (isNoticed) drive.clock.setWallBy(step);
              else
                Reflect.set(drive.clock, 'wallOffset', Number(Reflect.get(drive.clock, 'wallOffset')) + step);
            }
            // When it has been left alone for as long as it was set back, it ticks as if nothing had been.
            await drive.to(drive.clock.now() + 4 * HOUR);
            await drive.to(drive.clock.now() + TEN);
            assert(drive.clock.wallNow() - last <= TEN + 500);
            subscription.unsubscribe();
            assert.equal(drive.scheduler.size, 0);
          },
        ),
        { numRuns: 300 },
      );
    });

    it('moves no tick by a slew too small for a step, and is never early', async () => {
      const { drive, ticks, end } = hourly(SECONDLY);
      drive.clock.setWallBy(-300);
      await drive.to(START + 1500);
      expect(ticks()).toEqual([[1300 / MINUTE, 1000 / MINUTE, 1, 0]]);
      end();
    });
  });

  it('is virtual in TestScheduler.run without a scheduler argument', () => {
    new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(
      ({ hot, expectObservable }) => {
        expectObservable(hot('a').pipe(cron('*/5 * * * *'), take(2))).toBe('5m x 299999ms (y|)', {
          x: tick(5 * MINUTE, 1),
          y: tick(10 * MINUTE, 2),
        });
      },
    );
  });
});
