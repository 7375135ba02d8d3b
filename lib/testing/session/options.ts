import { anOffloader, type Offloader } from '../../handlers/waits/Offloader';
import { badOption, checkOptions, nested, optionTable } from '../../options/checkOptions';
import { aFlag, aFunction, aLimit, aNumber } from '../../options/checks';
import { NETWORK, type NetworkOptions } from '../network/options';
import { aStore, type Store } from '../../store/Store';
import { aDate, type DateInput } from '../../time/operators/at';
import { aDuration, type Duration } from '../../time/spans/duration';

export interface MarbleOptions {
  /**
   * Compares what was seen with what was expected, and throws if they differ, as RxJS's `TestScheduler` takes it.
   * Default a comparison by structure that knows the matchers of Jest and Vitest.
   */
  // eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- RxJS has it so
  readonly assertDeepEqual?: (actual: unknown, expected: unknown) => boolean | void;
  /** The seed of what is random in the test, such as jitter. Default another one each time; a failure prints it. */
  readonly seed?: number;
  /** How long time runs. Default until nothing is left but repeating timers, and to the last frame expected. */
  readonly until?: Duration;
  /** What the wall clock shows at frame 0. Default the epoch, as in RxJS. */
  readonly startTime?: DateInput;
  /**
   * How many instants time may stop at beyond the last one that the test names, against chains without an end.
   * Default 500,000.
   */
  readonly maxInstants?: number;
  /** How long a run that waits for something foreign may hold time, in real time. Default `'3s'`. */
  readonly maxHold?: Duration;
  /** What `run.offload` gives its work to: a `workerPool()` of `rx-agent-kit/node`. */
  readonly offload?: Offloader;
  /** Keeps what is durable in the test's agents. Default a `memoryStore()` of its own. */
  readonly store?: Store;
  /** How messages and calls go between the hosts of the test. Default at once, and all of them. */
  readonly network?: NetworkOptions;
  /** Says that the test asserts in a way that cannot be counted, such as `node:assert`. Default false. */
  readonly assertsElsewhere?: boolean;
}

/** The checks of these options, for whoever takes them along with others. */
export const MARBLE_CHECKS = {
  assertDeepEqual: aFunction,
  seed: aNumber(Number.isFinite, 'a number'),
  until: aDuration,
  startTime: aDate,
  maxInstants: aLimit(1),
  maxHold: aDuration,
  offload: anOffloader,
  store: aStore,
  network: nested(NETWORK),
  assertsElsewhere: aFlag,
};

export const MARBLES = optionTable<MarbleOptions>(MARBLE_CHECKS, {
  timeout: 'maxHold',
  start: 'startTime',
  now: 'startTime',
  duration: 'until',
});

/** @throws AgentError `bad-option`, `bad-duration` or `bad-date` */
export function checkMarbles(where: string, body: unknown, options: unknown): void {
  if (typeof body !== 'function') throw badOption(where, 'body', body, 'has to be a function of the helpers');
  checkOptions(where, MARBLES, options);
}
