import type { Observable } from 'rxjs';
import type { AgentError } from '../AgentError';
import type { AgentHandle, Health, StopReport } from '../agent/AgentHandle';
import type { AgentDefinition, ConfigInput, Streams } from '../agent/definition/defineAgent';
import type { ConfigSchema } from '../agent/config/config';
import type { ConfigStore } from '../agent/config/ConfigStore';
import type { Offloader } from '../handlers/waits/Offloader';
import type { Bus } from '../messages/bus/Bus';
import type { RestartOptions } from '../agent/definition/restart';
import type { Leases } from '../store/leases/Leases';
import type { Store } from '../store/Store';
import type { Clock } from '../time/clock/Clock';
import type { Duration } from '../time/spans/duration';
import type { RandomSource } from '../time/spans/random';
import type { LedgerEntry } from '../trace/Ledger';
import type { Log } from '../trace/Log';
import type { TraceEvent } from '../trace/TraceEvent';
import type { Startable, StartedAll } from './supervision/group';

export interface HostOptions {
  /** The host's name, as its agents see it. Default `'host'`. */
  readonly name?: string;
  /** Where time comes from. Default the machine's: {@link liveClock}. */
  readonly clock?: Clock;
  /** Rounds wake-ups up to a multiple of this span, so that idle agents share them. Default 0. */
  readonly slack?: Duration;
  /** How long an agent with `readyWhen` may take until it is ready. Default `'30s'`. */
  readonly startTimeout?: Duration;
  /** How long each part of an agent's stop may take: runs that are drained, handlers of `stop$`, of `finish$`. Default `'5s'`. */
  readonly stopTimeout?: Duration;
  /** How long a stop of the whole host may take. What has not stopped by then is cut off. Default `'30s'`. */
  readonly stopDeadline?: Duration;
  /** How agents that have no `restart` of their own are started again when a stream of theirs fails. Default not at all. */
  readonly restart?: RestartOptions;
  /** How often the host publishes its health on the topic `hostHealth`. Default never. */
  readonly heartbeat?: Duration;
  /** Where agents and the host write what people should read. Default the console. */
  readonly log?: Log;
  /** Where agents that are started without a config find theirs, and its changes: `fileConfig()` of `rx-agent-kit/node`. */
  readonly configs?: ConfigStore;
  /** What `run.offload` gives its work to: `workerPool()` of `rx-agent-kit/node`. It is closed with the host. */
  readonly offload?: Offloader;
  /** What carries messages and calls. Default one within this host: `memoryBus()`. */
  readonly bus?: Bus;
  /**
   * Keeps what is durable in its agents, under the host's name: `lmdbStore('./data')` of `rx-agent-kit/lmdb`. Two hosts
   * that share a store need names of their own. Default none: an agent with durable parts does not start.
   */
  readonly store?: Store;
  /** Says which host runs an agent that is a `singleton`. Default what the bus has: a bus in memory has none, since there is one host. */
  readonly leases?: Leases;
  /** The source of jitter. Default the machine's. */
  readonly random?: RandomSource;
}

export interface KeptOptions {
  /** Whether it is to survive the sudden end of the machine, too, and not of the process alone. Default false. */
  readonly flushed?: boolean;
  /** How long to wait at most. Default no limit. */
  readonly timeout?: Duration;
  /** What to do while the store refuses what it is given, or the disk is full: to reject at once, or to wait. Default `'reject'`. */
  readonly ifFailing?: 'reject' | 'wait';
}

/** One value of one stream of one agent. */
export interface Output {
  readonly agent: string;
  readonly stream: string;
  readonly value: unknown;
  /** The instant, in ms. */
  readonly at: number;
}

/** What stopping a host has come to. */
export interface HostStopReport {
  readonly agents: readonly StopReport[];
  /** All that had not ended by its deadline and was cut off, by name; empty after a clean stop. */
  readonly left: readonly LedgerEntry[];
}

/** What a start takes behind the agent: its config, if it has one; it may be left out if all of it has defaults. */
export type StartArgs<Schema extends ConfigSchema> = [ConfigInput<Schema>] extends [undefined]
  ? []
  : Record<string, never> extends ConfigInput<Schema>
    ? [config?: ConfigInput<Schema>]
    : [config: ConfigInput<Schema>];

/**
 * Runs agents: one clock, one scheduler, one lifetime. Two hosts never meet.
 * ```ts
 * await using host = createHost(); // is stopped at the end of the block, also when that is left by an error
 * ```
 */
export interface Host {
  readonly name: string;
  /** What all streams of all agents emit, merged in the scheduler's order. Completes when the host has stopped. */
  readonly outputs$: Observable<Output>;
  /** What goes wrong in any agent. Each of these is written to the log as well. */
  readonly errors$: Observable<AgentError>;
  readonly health: Health;
  /**
   * The host's health, and each change of it. It is bad while an agent is, or has failed for good and has not been
   * started anew. Completes behind `stopped`.
   */
  readonly health$: Observable<Health>;
  /** All that happens, in one order. It costs nothing while nobody subscribes. */
  readonly trace$: Observable<TraceEvent>;
  /** Where its agents' configs come from, if it was given such a store. */
  readonly configs: ConfigStore | undefined;
  /** The agents that run now, by name. */
  readonly agents: ReadonlyMap<string, AgentHandle>;
  /**
   * Starts an agent and resolves when it is ready. What it emits before that is on `outputs$`.
   * Rejects with what its setup throws, and with an AgentError: `bad-config`, `duplicate-agent`, `bad-definition`,
   * `not-an-observable`, `stream-failed`, `unmet-need`, `start-timeout`, `agent-stopped`, `host-stopped`. Nothing is left then.
   */
  start<S extends Streams, Schema extends ConfigSchema>(
    agent: AgentDefinition<Schema, S>,
    ...config: StartArgs<Schema>
  ): Promise<AgentHandle<S, Schema>>;
  /**
   * Starts agents, agents with a config (`withConfig`) and groups: each when all that it needs are ready, and side by
   * side otherwise. Resolves with their handles in the same shape when all are ready.
   *
   * It starts all or none. What is wrong in the list rejects before anything has started: `unknown-need`,
   * `cyclic-needs`, `duplicate-agent`, `bad-config`. If one fails in its start, those that need it do not start, what
   * has been started is stopped again, and it rejects with `start-failed`.
   * ```ts
   * const [pump, panel] = await host.startAll([pumpAgent, withConfig(panelAgent, { rows: 4 })]);
   * ```
   */
  startAll<const List extends readonly Startable[]>(agents: List): Promise<StartedAll<List>>;
  /**
   * Stops all agents, each before those that it needs, else the last started first, and starts no other. It takes
   * `stopDeadline` at most. All calls are one stop.
   */
  stop(): Promise<HostStopReport>;
  /** Stops the host, at the end of a block with `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
  /**
   * Resolves when all that durable parts of its agents have taken so far is kept, messages that are under way within the
   * process among them: answer for it then, and not before.
   * Resolves at once if there is nothing to keep. Rejects with AgentError `store-failed` while the store refuses it, or
   * after `timeout`, and with `store-fenced` when another host has taken over; `bad-option`, `bad-duration`.
   * ```ts
   * orders.publish(order);
   * await host.kept();
   * response.writeHead(202).end();
   * ```
   */
  kept(options?: KeptOptions): Promise<void>;
  /** Puts an error on `errors$` and into the log: for what watches over a host from outside. */
  report(error: AgentError): void;
  /** What is armed and in flight now, in all agents. */
  ledger(): readonly LedgerEntry[];
}

/** A host with a store of configs: whatever an agent's schema asks for, its config may come from there. */
export interface ConfiguredHost extends Host {
  start<S extends Streams, Schema extends ConfigSchema>(
    agent: AgentDefinition<Schema, S>,
    config?: ConfigInput<Schema>,
  ): Promise<AgentHandle<S, Schema>>;
}
