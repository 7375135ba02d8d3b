import { type RunHelpers, TestScheduler } from 'rxjs/testing';
import { AgentError } from '../../AgentError';
import { DividedProperties } from '../../time/virtual/DividedProperties';
import type { Replaced } from '../../time/virtual/Replacement';
import type { Frames } from './Frames';

/** What a marble test has in the place of a `TestScheduler`. */
export interface TestSchedulerUser {
  readonly helpers: Omit<RunHelpers, 'animate'>;
  readonly frames: Pick<Frames, 'now' | 'schedule'>;
  /** A `TestScheduler` is used. */
  looks(): void;
}

type UserOfCaller = () => TestSchedulerUser | undefined;
type Method = (this: unknown, ...args: never[]) => unknown;

/** Who uses every `TestScheduler`; kept there for all copies of the kit that use one copy of RxJS. */
interface Adoption {
  userOfCaller: UserOfCaller | undefined;
}

const ADOPTION = Symbol.for('rx-agent-kit.test-scheduler-adoption');

type Adoptable = Record<PropertyKey, unknown>;

const prototype = TestScheduler.prototype as TestScheduler & Adoptable;
// Another copy of the kit may have been here before.
const adoption = (prototype[ADOPTION] as Adoption | undefined) ?? adoptAll();

/**
 * Lets every `TestScheduler` show the time of the marble test, and do there what the helpers do: specs that were
 * written for one pass it to operators, as in `delay(3, testScheduler)`. One that is used outside of the test is let
 * alone. It is done once: what each test did and took back took as long as a short one.
 */
export function adoptedTestSchedulers(userOfCaller: UserOfCaller): readonly Replaced[] {
  return [
    {
      put: () => {
        adoption.userOfCaller = userOfCaller;
      },
      restore: () => {
        adoption.userOfCaller = undefined;
      },
    },
    // RxJS's `run` sets it to this; whatever parses marbles beside it reads it.
    new DividedProperties(
      TestScheduler,
      () => ({ frameTimeFactor: 1 }),
      () => userOfCaller() !== undefined,
    ),
  ];
}

function adoptAll(): Adoption {
  const made: Adoption = { userOfCaller: undefined };
  Object.defineProperty(prototype, ADOPTION, { value: made });
  const show = (name: string, first: unknown, inTests: (user: TestSchedulerUser) => unknown): void => {
    showInTests(made, name, first, inTests);
  };
  show('frame', 0, ({ frames }) => frames.now());
  show('maxFrames', 750, () => Infinity);
  show('runMode', false, () => true);
  const call = (name: string, inTests: (user: TestSchedulerUser) => (...args: never[]) => unknown): void => {
    callInTests(made, name, inTests);
  };
  call('schedule', (user) => {
    user.looks();
    return (...args: Parameters<Frames['schedule']>) => user.frames.schedule(...args);
  });
  call('flush', ({ helpers }) => helpers.flush);
  call('createTime', ({ helpers }) => helpers.time);
  call('createColdObservable', ({ helpers }) => helpers.cold);
  call('createHotObservable', ({ helpers }) => helpers.hot);
  call('expectObservable', ({ helpers }) => helpers.expectObservable);
  call('expectSubscriptions', ({ helpers }) => helpers.expectSubscriptions);
  call('run', () => () => {
    throw new AgentError(
      'nested-marble-test',
      'A TestScheduler was run inside a marble test: they would share one time. Use the helpers of the marble test.',
    );
  });
  return made;
}

/** RxJS's constructor assigns the property, which therefore arrives here; outside of marble tests it is kept as it is. */
function showInTests(
  made: Adoption,
  name: string,
  first: unknown,
  inTests: (user: TestSchedulerUser) => unknown,
): void {
  const own = Symbol(name);
  Object.defineProperty(prototype, name, {
    configurable: true,
    get(this: Adoptable) {
      const user = made.userOfCaller?.();
      return user === undefined ? (this[own] ?? first) : inTests(user);
    },
    set(this: Adoptable, value: unknown) {
      this[own] = value;
    },
  });
}

function callInTests(
  made: Adoption,
  name: string,
  inTests: (user: TestSchedulerUser) => (...args: never[]) => unknown,
): void {
  const theirs = Reflect.get(prototype, name) as Method;
  const divided: Method = function (...args) {
    const user = made.userOfCaller?.();
    return user === undefined ? theirs.apply(this, args) : inTests(user)(...args);
  };
  Object.defineProperty(prototype, name, { value: divided, configurable: true, writable: true });
}
