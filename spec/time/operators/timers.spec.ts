import {
  combineLatest,
  config,
  merge,
  NEVER,
  of,
  type Observable,
  type SchedulerLike,
  Subject,
  throwError,
} from 'rxjs';
import { after } from '../../../lib/time/operators/after';
import { at } from '../../../lib/time/operators/at';
import { cron } from '../../../lib/time/operators/cron';
import { every } from '../../../lib/time/operators/every';
import type { TimerPart } from '../../../lib/time/queue/Timers';
import { Drive } from '../support/Drive';
import { expectCase, grounds } from '../support/grounds';

type Timer = (scheduler: SchedulerLike) => (source$: Observable<string>) => Observable<unknown>;

/** Each of them fires a second after a trigger at 0, and not before. */
const timers: readonly (readonly [name: string, timer: Timer])[] = [
  ['after', (scheduler) => after('1s', scheduler)],
  ['after with a key', (scheduler) => after('1s', { key: (value) => value }, scheduler)],
  ['every', (scheduler) => every('1s', {}, scheduler)],
  ['at', (scheduler) => at(1000, scheduler)],
  ['cron', (scheduler) => cron('* * * * * *', {}, scheduler)],
];

describe.each(timers)('%s', (_timer, operator) => {
  describe.each(grounds)('on %s', (_name, create) => {
    it('emits nothing when nothing triggers it', () =>
      expectCase(create(), {
        trigger: '      2s -',
        operator,
        result: '       2s -',
        subscription: ' ^ 2s !',
        letsGo: '       ^ 2s !',
      }));

    it('completes at once when the triggers end without any', () =>
      expectCase(create(), {
        trigger: '      500ms |',
        operator,
        result: '       500ms |',
        letsGo: '       ^ 499ms !',
      }));

    it('passes an error of the triggers on at once, and lets go of the wait', () =>
      expectCase(create(), {
        trigger: '      a 499ms #',
        operator,
        result: '       500ms #',
        letsGo: '       ^ 499ms !',
      }));

    it('cancels the wait when it is unsubscribed', () =>
      expectCase(create(), {
        trigger: '      a 2s -',
        operator,
        result: '       2s -',
        subscription: ' ^ 499ms !',
        letsGo: '       ^ 499ms !',
      }));
  });

  it('fires a second after its trigger, on the dot', async () => {
    const drive = new Drive();
    const { seen, subscription } = drive.record(merge(of('a'), NEVER).pipe(operator(drive.scheduler)));
    await drive.to(999);
    expect(seen).toEqual([]);
    await drive.to(1000);
    expect(seen).toHaveLength(1);
    subscription.unsubscribe();
    expect(drive.scheduler.size).toBe(0);
  });

  it('fires no more when it is halted, as an agent does when it stops, and completes with its triggers', async () => {
    const drive = new Drive();
    let timer: TimerPart | undefined;
    jest.spyOn(drive.scheduler, 'enter').mockImplementation((entered) => void (timer = entered));
    const trigger = new Subject<string>();
    const { seen, subscription } = drive.record(trigger.pipe(operator(drive.scheduler)));
    trigger.next('a');
    expect(timer?.due).toBe(1000);
    timer?.halt();
    trigger.next('b');
    expect(timer?.due).toBeUndefined();
    expect(drive.scheduler.size).toBe(0);
    trigger.complete();
    expect(seen).toEqual(['0 |']);
    subscription.unsubscribe();
  });

  it.each([
    ['without a trigger', NEVER],
    ['with one', merge(of('a'), NEVER)],
  ])('does nothing for a subscriber that has been closed already, %s', (_with, source$) => {
    const drive = new Drive();
    const { seen } = drive.record(
      combineLatest([throwError(() => 'first'), source$.pipe(operator(drive.scheduler))]),
    );
    expect(seen).toEqual(['0 #first']);
    expect(drive.scheduler.size).toBe(0);
    expect(Reflect.get(Reflect.get(drive.scheduler, 'wall'), 'listeners')).toHaveProperty('size', 0);
  });

  it('tells a subscriber that has been closed already nothing', () => {
    const drive = new Drive();
    const stopped = jest.fn();
    jest.useFakeTimers();
    config.onStoppedNotification = stopped;
    combineLatest([throwError(() => 'first'), NEVER.pipe(operator(drive.scheduler))]).subscribe({
      error: () => undefined,
    });
    config.onStoppedNotification = null;
    jest.runAllTimers();
    jest.useRealTimers();
    expect(stopped).not.toHaveBeenCalled();
  });
});
