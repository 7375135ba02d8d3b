import { asyncScheduler, finalize, Subject, type Observable, type SchedulerLike } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { Drive } from './Drive';

/** One case of a timed operator, in marbles of one ms a frame. */
export interface Case<T> {
  readonly trigger: string;
  readonly operator: (scheduler: SchedulerLike) => (source$: Observable<string>) => Observable<T>;
  readonly result: string;
  /** When the result is subscribed and unsubscribed; it is let go of at the end in any case. */
  readonly subscription?: string;
  /** When the trigger is expected to be unsubscribed. */
  readonly letsGo?: string;
  /** What the letters of the result stand for. */
  readonly values?: Record<string, T>;
  /** What `#` stands for in the result; by default it is the trigger's own error. */
  readonly failure?: unknown;
}

/** A scheduler to try an operator on. All of them start at 0. */
export interface Ground {
  readonly scheduler: SchedulerLike;
  /** Lets time pass up to an instant. */
  run(until: number): Promise<void>;
  /** How much is armed. */
  left(): number;
}

/** The grounds that every timed operator is tried on, by name. */
export const grounds: readonly (readonly [name: string, create: () => Ground])[] = [
  ["the kit's Scheduler", ownGround],
  ["RxJS's TestScheduler", testSchedulerGround],
];

export function ownGround(): Ground {
  const drive = new Drive();
  return {
    scheduler: drive.scheduler,
    run: (until) => drive.to(until),
    left: () => drive.scheduler.size,
  };
}

function testSchedulerGround(): Ground {
  const scheduler = new TestScheduler(() => undefined);
  return {
    scheduler,
    run: async (until) => {
      scheduler.maxFrames = until;
      scheduler.flush();
    },
    left: () => scheduler.actions.filter(({ closed }) => !closed).length,
  };
}

/** RxJS's default scheduler, under Jest's fake timers. */
export function asyncGround(): Ground {
  jest.useFakeTimers({ now: 0 });
  return {
    scheduler: asyncScheduler,
    run: (until) => jest.advanceTimersByTimeAsync(until),
    left: () => jest.getTimerCount(),
  };
}

/** Time goes on for so long after the last notification, for what should not come. */
const AFTERMATH = 40;
const FAILURE = 'error';

/** Plays a case, and expects its result, frame by frame, and nothing to be left. */
export async function expectCase<T>(ground: Ground, given: Case<T>): Promise<void> {
  const { scheduler } = ground;
  const trigger = new Subject<string>();
  const seen: Frame[] = [];
  let letGoAt = Infinity;
  const note = (notification: unknown): void => void seen.push({ frame: scheduler.now(), notification });

  const source$ = trigger.pipe(finalize(() => (letGoAt = scheduler.now())));
  const result$ = source$.pipe(given.operator(scheduler));
  const { subscribedFrame, unsubscribedFrame } = parseSubscription(given.subscription ?? '^');
  let unsubscribe = (): void => undefined;
  const subscribe = (): void => {
    const subscription = result$.subscribe({
      next: (value) => note({ kind: 'N', value, error: undefined }),
      error: (error: unknown) => note({ kind: 'E', value: undefined, error }),
      complete: () => note({ kind: 'C', value: undefined, error: undefined }),
    });
    unsubscribe = () => subscription.unsubscribe();
  };
  if (subscribedFrame === 0) subscribe();
  else scheduler.schedule(subscribe, subscribedFrame);
  const triggers = parse(given.trigger);
  const expected = parse(given.result, given.values, given.failure);
  for (const { frame, notification } of triggers) {
    scheduler.schedule(() => {
      if (notification.kind === 'N') trigger.next(notification.value as string);
      else if (notification.kind === 'E') trigger.error(notification.error);
      else trigger.complete();
    }, frame);
  }
  if (unsubscribedFrame < Infinity) scheduler.schedule(() => unsubscribe(), unsubscribedFrame);

  const frames = [...triggers, ...expected].map(({ frame }) => frame);
  if (unsubscribedFrame < Infinity) frames.push(unsubscribedFrame);
  await ground.run(Math.max(0, ...frames) + AFTERMATH);
  expect(seen).toEqual(expected);
  if (given.letsGo !== undefined) expect(letGoAt).toBe(parseSubscription(given.letsGo).unsubscribedFrame);
  unsubscribe();
  expect(trigger.observed).toBe(false);
  expect(ground.left()).toBe(0);
}

interface Frame {
  readonly frame: number;
  readonly notification: unknown;
}

function parse(marbles: string, values?: Record<string, unknown>, failure: unknown = FAILURE) {
  return inMs(() => TestScheduler.parseMarbles(marbles, values, failure, undefined, true));
}

function parseSubscription(marbles: string) {
  return inMs(() => TestScheduler.parseMarblesAsSubscriptions(marbles, true));
}

/** In `run` a frame is a ms; outside of it, it would be 10. */
function inMs<R>(read: () => R): R {
  return new TestScheduler(() => undefined).run(read);
}
