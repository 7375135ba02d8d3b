import { concat, of, queueScheduler, Subject, tap, merge } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { after } from '../../../lib/time/operators/after';
import type { TimerPart } from '../../../lib/time/queue/Timers';
import { Drive } from '../support/Drive';
import { asyncGround, expectCase, grounds } from '../support/grounds';

const DAY = 86_400_000;

describe('after', () => {
  describe.each(grounds)('on %s', (_name, create) => {
    it('emits a trigger when the wait is over', () =>
      expectCase(create(), {
        trigger: '      -a-----------',
        operator: (scheduler) => after('3ms', scheduler),
        result: '       ----a--------',
      }));

    it('starts the wait again when the trigger repeats [B15]', () =>
      expectCase(create(), {
        trigger: '      a----b-c---------|',
        operator: (scheduler) => after(3, scheduler),
        result: '       ---a------c------|',
        letsGo: '       ^----------------!',
      }));

    it('may stand behind another timer, with a key and without', () =>
      Promise.all(
        [{}, { key: () => 1 }].flatMap((first) =>
          [{}, { key: () => 2 }].map((second) =>
            expectCase(create(), {
              trigger: '      a------b-c----------|',
              operator: (scheduler) => (source) =>
                source.pipe(after(3, first, scheduler), after(2, second, scheduler)),
              result: '       -----a--------c-----|',
            }),
          ),
        ),
      ));

    it('takes a trigger that comes just as the wait is over for a new one, which is first', () =>
      // The trigger was armed before the wait, so it is first at the same instant.
      expectCase(create(), {
        trigger: '      a--b---------',
        operator: (scheduler) => after(3, scheduler),
        result: '       ------b------',
      }));

    it('emits the last of two triggers in one frame', () =>
      expectCase(create(), {
        trigger: '      -(ab)--------',
        operator: (scheduler) => after(3, scheduler),
        result: '       ----b--------',
      }));

    it('emits in the frame of the trigger when the wait is zero', () =>
      expectCase(create(), {
        trigger: '      -a--b---|',
        operator: (scheduler) => after(0, scheduler),
        result: '       -a--b---|',
      }));

    it('finishes the wait when the triggers complete in it, and lets go of them at once', () =>
      expectCase(create(), {
        trigger: '      -a-|',
        operator: (scheduler) => after(5, scheduler),
        result: '       ------(a|)',
        letsGo: '       ^--!',
      }));

    it('asks the function how long to wait for each trigger', () =>
      expectCase(create(), {
        trigger: '      5----2-------8-1----|',
        operator: (scheduler) => after((value) => Number(value), scheduler),
        result: '       -------2--------1---|',
      }));

    it('passes on what the function throws, and lets go of the triggers', () =>
      expectCase(create(), {
        trigger: '      -a-b---------',
        operator: (scheduler) =>
          after((value) => {
            if (value === 'b') throw new Error('no b');
            return 5;
          }, scheduler),
        result: '       ---#',
        failure: new Error('no b'),
        letsGo: '       ^--!',
      }));

    it('passes on that the function gave no duration', () =>
      expectCase(create(), {
        trigger: '      -a-----------',
        operator: (scheduler) => after(() => -1, scheduler),
        result: '       -#',
        failure: expect.objectContaining({ code: 'bad-duration' }),
        letsGo: '       ^!',
      }));

    it('can be triggered from what it emits', () =>
      expectCase(create(), {
        trigger: '      -a-----------',
        operator: (scheduler) => (source$) => {
          const again = new Subject<string>();
          return merge(source$, again).pipe(
            after(3, scheduler),
            tap((value) => value.length < 3 && again.next(value + 'a')),
          );
        },
        result: '       ----a--b--c---',
        values: { a: 'a', b: 'aa', c: 'aaa' },
      }));
  });

  it('refuses a wait that is none where it is written', () => {
    for (const wait of [-1, NaN, Infinity, 'soon', '']) {
      expect(() => after(wait)).toThrow(expect.objectContaining({ code: 'bad-duration' }));
    }
  });

  it('arms nothing when its function unsubscribes', async () => {
    const drive = new Drive();
    const trigger = new Subject<void>();
    const { seen, subscription } = drive.record(
      trigger.pipe(
        after(() => {
          subscription.unsubscribe();
          return 3;
        }, drive.scheduler),
      ),
    );
    trigger.next();
    expect(drive.scheduler.size).toBe(0);
    await drive.out();
    expect(seen).toEqual([]);
  });

  it('asks its function no more when it is halted, as an agent does when it stops', () => {
    const drive = new Drive();
    let timer: TimerPart | undefined;
    jest.spyOn(drive.scheduler, 'enter').mockImplementation((entered) => void (timer = entered));
    const trigger = new Subject<void>();
    const wait = jest.fn(() => 5);
    const { seen, subscription } = drive.record(trigger.pipe(after(wait, drive.scheduler)));
    trigger.next();
    timer?.halt();
    trigger.next();
    expect(wait).toHaveBeenCalledTimes(1);
    expect(drive.scheduler.size).toBe(0);
    trigger.complete();
    expect(seen).toEqual(['0 |']);
    subscription.unsubscribe();
  });

  it('completes once when the triggers complete from what it emits', async () => {
    const drive = new Drive();
    const trigger = new Subject<string>();
    const { seen } = drive.record(
      trigger.pipe(
        after(3, drive.scheduler),
        tap(() => trigger.complete()),
      ),
    );
    trigger.next('a');
    await drive.out();
    expect(seen).toEqual(['3 a', '3 |']);
  });

  it('keeps no value of a wait that is over', async () => {
    const drive = new Drive();
    const trigger = new Subject<object>();
    const { subscription } = drive.record(trigger.pipe(after(3, drive.scheduler)));
    trigger.next({});
    const [armed] = drive.scheduler.armed();
    await drive.out();
    expect(armed?.owner).toMatchObject({ value: undefined });
    subscription.unsubscribe();
  });

  it('waits for 30 days [B16]', async () => {
    const drive = new Drive(Date.UTC(2024, 0, 1));
    const { seen } = drive.record(of('a').pipe(after('30d', drive.scheduler)));
    expect(drive.clock.nextWake).toBe(Date.UTC(2024, 0, 31));
    await drive.to(Date.UTC(2024, 0, 31) - 1);
    expect(seen).toEqual([]);
    await drive.to(Date.UTC(2024, 0, 31));
    expect(seen).toEqual([`${Date.UTC(2024, 0, 31)} a`, `${Date.UTC(2024, 0, 31)} |`]);
    expect(drive.scheduler.size).toBe(0);
  });

  it('is late, but not lost, when the machine stalls over its instant', async () => {
    const drive = new Drive();
    const { seen } = drive.record(of('a').pipe(after(10, drive.scheduler)));
    await drive.stall(1000);
    expect(seen).toEqual(['1000 a', '1000 |']);
    expect(drive.scheduler.size).toBe(0);
  });

  it('does not mind that the wall clock is set', async () => {
    const drive = new Drive();
    const { seen } = drive.record(of('a').pipe(after(10, drive.scheduler)));
    drive.clock.setWallBy(DAY);
    await drive.to(9);
    drive.clock.setWallBy(-2 * DAY);
    await drive.out();
    expect(seen).toEqual(['10 a', '10 |']);
    expect(drive.scheduler.size).toBe(0);
  });

  it('emits in the order of the triggers when many waits end at one instant', async () => {
    const drive = new Drive();
    const waits = Array.from({ length: 1000 }, (_, index) => of(index).pipe(after(5, drive.scheduler)));
    const { seen } = drive.record(merge(...waits));
    await drive.out();
    expect(seen).toEqual([...Array.from({ length: 1000 }, (_, index) => `5 ${index}`), '5 |']);
    expect(drive.scheduler.size).toBe(0);
  });

  it('stands among other operators', async () => {
    const drive = new Drive();
    const { seen } = drive.record(
      concat(of('a').pipe(after(5, drive.scheduler)), of('b').pipe(after(7, drive.scheduler))),
    );
    await drive.out();
    expect(seen).toEqual(['5 a', '12 b', '12 |']);
    expect(drive.scheduler.size).toBe(0);
  });

  describe("on RxJS's own schedulers", () => {
    afterEach(() => jest.useRealTimers());

    it('is virtual in TestScheduler.run without a scheduler argument', () => {
      new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(
        ({ hot, expectObservable, expectSubscriptions }) => {
          const trigger = hot('         a 1s b 3s c 10s |');
          expectObservable(trigger.pipe(after('3s'))).toBe('4001ms b 3s c 7s |');
          expectSubscriptions(trigger.subscriptions).toBe('^ 14002ms !');
        },
      );
    });

    it('starts the wait again on asyncScheduler', () =>
      expectCase(asyncGround(), {
        trigger: '      -a----b-c---------|',
        operator: (scheduler) => after(3, scheduler),
        result: '       ----a------c------|',
      }));

    it('waits for 30 days on asyncScheduler, too [B16]', async () => {
      jest.useFakeTimers({ now: 0 });
      const next = jest.fn();
      of('a').pipe(after('30d')).subscribe(next);
      await jest.advanceTimersByTimeAsync(30 * DAY - 1);
      expect(next).not.toHaveBeenCalled();
      await jest.advanceTimersByTimeAsync(1);
      expect(next).toHaveBeenCalledTimes(1);
      expect(jest.getTimerCount()).toBe(0);
    });

    it('lets go of a wait of 30 days on asyncScheduler', async () => {
      jest.useFakeTimers({ now: 0 });
      const trigger = new Subject<void>();
      const subscription = trigger.pipe(after('30d')).subscribe();
      trigger.next();
      await jest.advanceTimersByTimeAsync(25 * DAY);
      trigger.next();
      await jest.advanceTimersByTimeAsync(25 * DAY);
      subscription.unsubscribe();
      expect(jest.getTimerCount()).toBe(0);
    });

    it('lets go of what was armed while a scheduler ran work at once', () => {
      jest.useFakeTimers();
      const trigger = new Subject<number>();
      const subscription = trigger
        .pipe(
          after((wait) => wait, queueScheduler),
          tap((wait) => wait === 0 && trigger.next(50)),
        )
        .subscribe();
      trigger.next(0);
      expect(jest.getTimerCount()).toBe(1);
      subscription.unsubscribe();
      expect(jest.getTimerCount()).toBe(0);
    });

    it('emits on a scheduler that runs work at once', () => {
      const seen: string[] = [];
      const trigger = new Subject<string>();
      trigger.pipe(after(0, queueScheduler)).subscribe({
        next: (value) => {
          seen.push(value);
          if (value.length < 3) trigger.next(value + 'a');
        },
        complete: () => seen.push('|'),
      });
      trigger.next('a');
      trigger.next('b');
      trigger.complete();
      expect(seen).toEqual(['a', 'aa', 'aaa', 'b', 'ba', 'baa', '|']);
    });
  });
});
