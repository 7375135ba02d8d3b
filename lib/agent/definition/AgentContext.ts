import type { MonoTypeOperatorFunction, Observable, OperatorFunction, SchedulerLike } from 'rxjs';
import type { Handle } from '../../handlers/policies/Handler';
import type { AgentBus } from '../../messages/bus/AgentBus';
import type { DurableDateOptions, DurableTimerOptions, DurableWaitOptions } from '../../store/timers/options';
import type { AfterOptions } from '../../time/operators/after';
import type { DateInput } from '../../time/operators/at';
import type { CronOptions } from '../../time/operators/cron';
import type { Duration } from '../../time/spans/duration';
import type { EveryOptions } from '../../time/operators/every';
import type { RandomSource } from '../../time/spans/random';
import type { Tick } from '../../time/operators/Tick';
import type { Log } from '../../trace/Log';
import type { AgentState } from '../state/AgentState';
import type { Lifecycle } from './Lifecycle';

/**
 * The timer operators on the host's clock. Each takes effect from its trigger until the next trigger or the
 * agent's stop, or with `durable` until it has come about, in whichever life. A trigger also aborts the run in flight of a `handle.switch` right behind the timer.
 * ```
 * trigger          a------b---------|
 * after(3), runs   ---s---x--s----e-|     each run takes 5
 * ```
 */
export interface Time {
  /** Emits each trigger after a wait; a new trigger (of the same `key`) starts the wait again. See the operator `after`. */
  after<T>(
    delay: Duration | ((trigger: T) => Duration),
    options?: AfterOptions<T> & DurableWaitOptions<T>,
  ): MonoTypeOperatorFunction<T>;
  /** Ticks on a grid of a period, from the trigger on. See the operator `every`. */
  every(period: Duration, options?: EveryOptions & DurableTimerOptions): OperatorFunction<unknown, Tick>;
  /** Ticks once, at a date by the wall clock. See the operator `at`. */
  at<T>(
    date: DateInput | ((trigger: T) => DateInput),
    options?: DurableDateOptions<T>,
  ): OperatorFunction<T, Tick>;
  /** Ticks by the wall clock, at the instants of a cron expression. See the operator `cron`. */
  cron(expression: string, options?: CronOptions & DurableTimerOptions): OperatorFunction<unknown, Tick>;
  /** The instant by the host's clock, in ms; it never goes back. */
  now(): number;
  /** The instant by the wall clock, in ms since the epoch: the one that calendars and other machines go by. It may be set. */
  wallNow(): number;
}

/** What an agent knows of the host that runs it. */
export interface HostFacts {
  readonly name: string;
}

/** What the function that makes an agent's streams is given. Take it apart: `({ lifecycle, time, handle }) => …`. */
export interface AgentContext<Config extends object, State extends object = object> {
  readonly name: string;
  readonly lifecycle: Lifecycle;
  readonly time: Time;
  readonly handle: Handle;
  /** Messages and calls, to and from other agents. */
  readonly bus: AgentBus;
  /** The config as it is now: it changes in place when the agent is configured anew. Copy what has to stay. */
  readonly config: Readonly<Config>;
  /** The config before `start$`, and each new one after it. Emits the present one to whoever subscribes later. */
  readonly config$: Observable<Config>;
  /** What of the agent outlives its process: one value, by the schema `state` of its definition. */
  readonly state: AgentState<State>;
  /** The host's scheduler, for RxJS operators that take one. What is scheduled on it ends with the agent. */
  readonly scheduler: SchedulerLike;
  /** Is aborted when the agent has stopped. */
  readonly signal: AbortSignal;
  readonly log: Log;
  /** The host's source of random numbers. In a marble test it comes from the test's seed. */
  readonly random: RandomSource;
  readonly host: HostFacts;
}
