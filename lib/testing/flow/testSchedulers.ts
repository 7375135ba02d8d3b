import { type RunHelpers, TestScheduler } from 'rxjs/testing';
import { AgentError } from '../../AgentError';
import { DividedProperties } from '../../time/virtual/DividedProperties';
import { type Replaced, Replacement } from '../../time/virtual/Replacement';
import type { Frames } from './Frames';

/** What a marble test has in the place of a `TestScheduler`. */
export interface TestSchedulerUser {
  readonly helpers: Omit<RunHelpers, 'animate'>;
  readonly frames: Frames;
  /** A `TestScheduler` is used. */
  looks(): void;
}

type UserOfCaller = () => TestSchedulerUser | undefined;
type Method = (this: unknown, ...args: never[]) => unknown;
type Methods = Readonly<Record<string, (user: TestSchedulerUser) => (...args: never[]) => unknown>>;

/** Where the time of a marble test is kept; the name is shared by all copies of the kit that use one copy of RxJS. */
const TIME = Symbol.for('rx-agent-kit.test-scheduler-time');

type Adoptable = Record<PropertyKey, unknown> & { [TIME]?: (() => number | undefined) | undefined };

const prototype = TestScheduler.prototype as TestScheduler & Adoptable;

// Another copy of the kit may have been here before.
if (!Object.hasOwn(prototype, TIME)) {
  Object.defineProperty(prototype, TIME, { value: undefined, writable: true });
  showInTests('frame', 0, (now) => now);
  showInTests('maxFrames', 750, () => Infinity);
  showInTests('runMode', false, () => true);
}

/**
 * Lets every `TestScheduler` show something else while a marble test runs. RxJS's constructor assigns the property,
 * which therefore arrives here; outside of marble tests it is kept as it is.
 */
function showInTests(name: string, first: unknown, show: (now: number) => unknown): void {
  const own = Symbol(name);
  Object.defineProperty(prototype, name, {
    configurable: true,
    get(this: Adoptable) {
      const now = prototype[TIME]?.();
      return now === undefined ? (this[own] ?? first) : show(now);
    },
    set(this: Adoptable, value: unknown) {
      this[own] = value;
    },
  });
}

const METHODS: Methods = {
  schedule: (user) => {
    user.looks();
    return (...args: Parameters<Frames['schedule']>) => user.frames.schedule(...args);
  },
  flush: ({ helpers }) => helpers.flush,
  createTime: ({ helpers }) => helpers.time,
  createColdObservable: ({ helpers }) => helpers.cold,
  createHotObservable: ({ helpers }) => helpers.hot,
  expectObservable: ({ helpers }) => helpers.expectObservable,
  expectSubscriptions: ({ helpers }) => helpers.expectSubscriptions,
  run: () => () => {
    throw new AgentError(
      'nested-marble-test',
      'A TestScheduler was run inside a marble test: they would share one time. Use the helpers of the marble test.',
    );
  },
};

/**
 * Lets every `TestScheduler` show the time of the marble test, and do there what the helpers do: specs that were
 * written for one pass it to operators, as in `delay(3, testScheduler)`. One that is used outside of the test is let
 * alone.
 */
export function adoptedTestSchedulers(userOfCaller: UserOfCaller): readonly Replaced[] {
  const time = (): number | undefined => userOfCaller()?.frames.now();
  return [
    new Replacement<Adoptable[typeof TIME]>(prototype, TIME, () => time),
    // RxJS's `run` sets it to this; whatever parses marbles beside it reads it.
    new DividedProperties(
      TestScheduler,
      () => ({ frameTimeFactor: 1 }),
      () => userOfCaller() !== undefined,
    ),
    ...Object.entries(METHODS).map(
      ([name, method]) =>
        new Replacement<Method>(
          prototype,
          name,
          (theirs) =>
            function (this: unknown, ...args) {
              const user = userOfCaller();
              return user === undefined ? theirs.apply(this, args) : method(user)(...args);
            },
        ),
    ),
  ];
}
