// Agents
export {
  defineAgent,
  type AgentDefinition,
  type ConfigInput,
  type Streams,
} from './agent/definition/defineAgent';
export type { AgentContext, HostFacts, Time } from './agent/definition/AgentContext';
export type { AgentHandle, Health, StopReport } from './agent/AgentHandle';
export type { ConfigSchema, NoConfig } from './agent/config/config';
export type { ConfigStore, ConfigWatcher } from './agent/config/ConfigStore';
export type { Lifecycle, LifecycleEvent, LifecycleMoment } from './agent/definition/Lifecycle';

// Hosts
export { createHost } from './host/createHost';
export type { ConfiguredHost, Host, HostOptions, HostStopReport, Output, StartArgs } from './host/Host';

export {
  group,
  withConfig,
  type AgentGroup,
  type ConfiguredAgent,
  type GroupMember,
  type Startable,
  type Started,
  type StartedAll,
  type Strategy,
} from './host/supervision/group';
export { hostHealth, type HostBeat } from './host/Heartbeat';
export type { RestartOptions } from './agent/definition/restart';
export type { BackoffOptions } from './time/backoff';

// Handlers
export type { Handle, Handler, HandlerResult } from './handlers/Handler';
export type {
  HandlerOptions,
  MergeOptions,
  OnError,
  Overflow,
  QueueOptions,
  TriggerOptions,
} from './handlers/options';
export type { RetryOptions } from './handlers/retry';
export type { Run } from './handlers/Run';
export type { WaitOptions } from './handlers/waitOptions';
export type { Offload, Offloader, OffloadFunction, OffloadWork } from './handlers/Offloader';
export { HandlerError } from './handlers/HandlerError';
export { Cancelled, type CancelReason } from './handlers/Cancelled';

// Messages and calls
export {
  topic,
  type Address,
  type AnyTopic,
  type Filter,
  type Topic,
  type TopicOptions,
} from './messages/topic';
export { procedure, type Procedure } from './messages/procedure';
export type { AgentBus, CallHandler, Message, ServedCall, ServeOptions } from './messages/AgentBus';
export type { CallOptions } from './handlers/Run';
export { CallError } from './handlers/CallError';
export { memoryBus, type MemoryBus } from './messages/memoryBus';
export type { Bus, BusContext, BusMessage, BusStatus, Reply, Server } from './messages/Bus';
export type { Sent } from './messages/Sent';
export type { Json, Payload } from './messages/Payload';

// Time
export { after, type AfterOptions } from './time/after';
export { at, type DateInput } from './time/at';
export { cron, type CronOptions } from './time/cron';
export { every, type EveryOptions } from './time/every';
export type { MissedPolicy, Tick } from './time/Tick';
export { toMs, formatMs, type Duration } from './time/duration';
export type { Clock, Wake } from './time/Clock';
export { liveClock, type LiveClockOptions } from './time/liveClock';
export { Scheduler, type SchedulerOptions } from './time/Scheduler';
export { seededRandom, type RandomSource } from './time/random';

// What is and what happens
export type { LedgerEntry, Parking, RunEntry, TimerEntry, WaitEntry } from './trace/Ledger';
export type { AbortReason, DropReason, ParkKind, Phase, Policy, TraceEvent } from './trace/TraceEvent';
export { consoleLog, silentLog, type Log, type LogFields } from './trace/Log';

// Errors
export { AgentError, type AgentErrorCode, type AgentErrorDetails } from './AgentError';
