import type { RunHelpers } from 'rxjs/testing';
import type { AgentHandle } from '../../agent/AgentHandle';
import type { ConfigSchema } from '../../agent/config/config';
import type { AgentDefinition, Streams } from '../../agent/definition/defineAgent';
import type { Host, StartArgs } from '../../host/Host';
import type { Duration } from '../../time/spans/duration';
import type { CrashOptions } from './Crashes';
import type { TestBus } from './TestBus';
import type { TestClock } from './TestClock';
import type { TestNetwork } from './TestNetwork';

/**
 * What the body of a marble test is given: the helpers of RxJS 7's `TestScheduler.run`, with the same syntax and
 * rules, and those for agents.
 */
export interface MarbleHelpers extends RunHelpers {
  /**
   * Runs synchronously what is due until nothing is left but repeating timers, and judges what has been expected
   * so far. Async handlers go on only when the body has returned or awaits.
   */
  readonly flush: () => void;
  /**
   * Sets an agent up in the test's host, and gives its handle at once. It starts at frame 0, after everything that
   * the body has subscribed to before it first awaits; from then on, at the present frame.
   */
  readonly start: <S extends Streams, Schema extends ConfigSchema>(
    agent: AgentDefinition<Schema, S>,
    ...config: StartArgs<Schema>
  ) => AgentHandle<S, Schema>;
  /**
   * The test's host; called with a name, another one on the same time, with a bus of its own: `host('b')`. All of them
   * have one store and one set of leases, on the servers of the network: of a `singleton` one runs at a time, and what
   * is durable in it goes along. What runs in them is stopped at the end, when the expectations have been read.
   */
  readonly host: Host & ((name: string) => Host);
  /** What is between the test's host, whose name is `test`, the others, and the servers. */
  readonly network: TestNetwork;
  /** The test's clock, for sleeping in the body, and to let the machine stall or the wall clock be set. */
  readonly clock: TestClock;
  /**
   * The host's bus, to publish on it as an agent does (`bus.publish(reading.at({ unit: 'u1' }), 21)`) or as it may come
   * in from outside (`bus.publish('readings/u1', 'broken')`), and to let it lose its connection.
   */
  readonly bus: TestBus;
  /**
   * Lets the process of the test's host, or of another one (`{ host: 'b' }`), end at a frame, before all else that happens then: nothing is stopped, nothing
   * is written any more, and what is in memory is gone. When `down` is over the same agents start again in a new host on
   * the same store; what their streams emit goes on in the same diagrams. What the body itself has armed goes on.
   */
  readonly crash: (at: Duration, options?: CrashOptions) => void;
  /**
   * Expects the runs of an agent's stream, as marbles: `s` started, `e` settled, `x` aborted, `f` failed.
   * It sees the runs from its call on.
   */
  readonly expectHandlers: (
    agent: { readonly name: string } | string,
    stream: string,
  ) => { toBe(marbles: string): void };
}

/** The body of a marble test. It may be async: to await what the kit gives costs virtual time only. */
export type MarbleBody<R = unknown> = (helpers: MarbleHelpers) => R;
