// Agents
export {
  defineAgent,
  type AgentDefinition,
  type ConfigInput,
  type Streams,
} from './agent/definition/defineAgent';
export type { AgentContext, HostFacts, Time } from './agent/definition/AgentContext';
export type { AgentState, NoState, StateSchema } from './agent/state/AgentState';
export type { AgentHandle, Health, StopReport } from './agent/AgentHandle';
export type { ConfigSchema, NoConfig } from './agent/config/config';
export type { ConfigStore, ConfigWatcher } from './agent/config/ConfigStore';
export type { Lifecycle, LifecycleEvent, LifecycleMoment } from './agent/definition/Lifecycle';

// Hosts
export { createHost } from './host/createHost';
export type { ConfiguredHost, Host, HostOptions, HostStopReport, KeptOptions, Output } from './host/Host';

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
export type { SingletonOptions } from './agent/definition/singleton';
export type { BackoffOptions } from './time/spans/backoff';

// Handlers
export {
  handle,
  type StandaloneHandle,
  type StandaloneHandler,
  type StandaloneRun,
} from './handlers/standalone/handle';
export type { StandaloneOptions } from './handlers/standalone/options';
export type { Handle, Handler, HandlerResult } from './handlers/policies/Handler';
export type {
  DurableOptions,
  HandlerOptions,
  MergeOptions,
  OnError,
  Overflow,
  QueueOptions,
  TriggerOptions,
} from './handlers/policies/options';
export type { RetryOptions } from './handlers/policies/retry';
export type { Run, SleepOptions, StepOptions } from './handlers/run/Run';
export type { WaitOptions } from './handlers/waits/waitOptions';
export type { Offload, Offloader, OffloadFunction, OffloadWork } from './handlers/waits/Offloader';
export { HandlerError } from './handlers/run/HandlerError';
export { Cancelled, type CancelReason } from './handlers/run/Cancelled';

// Messages and calls
export { topic, type Address, type Filter, type Topic, type TopicOptions } from './messages/topics/topic';
export { procedure, type Procedure } from './messages/calls/procedure';
export type {
  AgentBus,
  CallHandler,
  Message,
  MessagesOptions,
  ServedCall,
  ServeOptions,
} from './messages/bus/AgentBus';
export type { CallOptions } from './handlers/run/Run';
export { CallError } from './handlers/waits/CallError';
export { memoryBus, type MemoryBus } from './messages/memory/memoryBus';
export type { DeliveryOptions } from './messages/kept/deliveries';
export type {
  Bus,
  BusContext,
  BusMessage,
  BusStatus,
  Fence,
  Keeping,
  KeptMessage,
  MessageOrigin,
  Reply,
  Server,
} from './messages/bus/Bus';
export type { Sent } from './messages/payloads/Sent';
export type { Payload } from './messages/payloads/Payload';

// What outlives the process
export type { Change, OpenStore, Store, StoreContext } from './store/Store';
export type { Leases, LeasesContext, Mark, OpenLeases } from './store/leases/Leases';
export { memoryLeases } from './store/leases/memoryLeases';
export type { Json } from './store/Json';
export type { SchemaOf } from './store/SchemaOf';
export { memoryStore, type CommitOutcome, type MemoryStore } from './store/memoryStore';

export type {
  DurableDateOptions,
  DurableTimerOptions,
  DurableWaitOptions,
  LatePolicy,
} from './store/timers/options';

// Time
export { after, type AfterOptions } from './time/operators/after';
export { at, type DateInput } from './time/operators/at';
export { cron, type CronOptions } from './time/operators/cron';
export { every, type EveryOptions } from './time/operators/every';
export type { MissedPolicy, Tick } from './time/operators/Tick';
export { toMs, formatMs, type Duration } from './time/spans/duration';
export type { Clock, Wake } from './time/clock/Clock';
export { liveClock, type LiveClockOptions } from './time/clock/liveClock';
export { Scheduler, type SchedulerOptions } from './time/queue/Scheduler';
export { seededRandom, type RandomSource } from './time/spans/random';

// What is and what happens
export type { LedgerEntry, Parking, RunEntry, TimerEntry, WaitEntry } from './trace/Ledger';
export type { AbortReason, DropReason, ParkKind, Phase, Policy, TraceEvent } from './trace/TraceEvent';
export { consoleLog, silentLog, type Log, type LogFields } from './trace/Log';

// Errors
export { AgentError, type AgentErrorCode, type AgentErrorDetails } from './AgentError';
