import type { AgentError } from '../AgentError';
import type { TimerKind } from '../time/queue/Timers';

/**
 * The phases of an agent's life, in their order. Behind `finish` it is `stopped`, or `failed` if an error has cut it
 * short; `restarting` instead, if another life is to follow.
 */
export type Phase =
  | 'setup'
  | 'configured'
  | 'start'
  | 'ready'
  | 'stopping'
  | 'finish'
  | 'restarting'
  /** Another host runs it: see `singleton`. */
  | 'standby'
  | 'stopped'
  | 'failed';

/** How a second trigger is taken while a run is in flight, in RxJS's own words. */
export type Policy = 'switch' | 'concat' | 'merge' | 'exhaust';

/** What a run can wait for by way of the kit. */
export type ParkKind =
  'sleep' | 'each' | 'next' | 'call' | 'external' | 'offload' | 'retry' | 'step' | 'store';

/** Why a run was ended before it was done. */
export type AbortReason = 'switched' | 'timeout' | 'stopped' | 'unsubscribed' | 'called-off' | 'crashed';

/** Why a trigger got no run. */
export type DropReason =
  /** Another run is in flight, or (`switch`) a later trigger came while the run before was being aborted. */
  | 'exhaust'
  | 'switch'
  /** The queue is full. */
  | 'overflow'
  /** It waited in a queue when its agent was stopped or its stream unsubscribed. */
  | 'stopped'
  | 'unsubscribed'
  /** Its `key` could not be told. */
  | 'key'
  /** It is no JSON, or does not fit its schema, and its handler is durable. */
  | 'cannot-keep'
  /** The process has ended in run after run of it: it is dead. */
  | 'crashed'
  /** The start of the agent has brought it, and its handler has had it from an earlier start. */
  | 'repeated-start'
  /** Its `until` had emitted already, or could not be had. */
  | 'called-off';

interface OfAgent {
  readonly agent: string;
}

interface OfStream extends OfAgent {
  readonly stream: string;
}

interface OfRun extends OfStream {
  /** The number of the run, unique in its host. */
  readonly run: number;
}

interface OfTopic extends OfAgent {
  readonly topic: string;
}

interface OfProcedure extends OfAgent {
  readonly procedure: string;
}

/** What happened, before the trace has numbered it. */
export type Happening =
  | (OfAgent & { readonly type: 'phase'; readonly phase: Phase })
  | (OfAgent & {
      readonly type: 'restart-planned';
      /** The instant for which it is planned, in ms. */
      readonly due: number;
      /** Which restart in a row it is; the first is 1. */
      readonly restart: number;
      /** What has failed: the agent itself, or another one of its group. */
      readonly because: string;
    })
  | (OfAgent & { readonly type: 'config-changed' })
  | (OfAgent & { readonly type: 'config-refused'; readonly error: AgentError })
  | (OfStream & { readonly type: 'timer-armed'; readonly timer: TimerKind; readonly due: number })
  | (OfStream & { readonly type: 'timer-fired'; readonly timer: TimerKind; readonly missed: number })
  | (OfStream & { readonly type: 'timer-cancelled'; readonly timer: TimerKind })
  | (OfRun & {
      readonly type: 'run-started';
      /** The handler's name, or its stream's. */
      readonly handler: string;
      readonly policy: Policy;
      readonly attempt: number;
      /** The run that has returned, or waits for, what this one is part of. */
      readonly within?: number;
    })
  | (OfRun & { readonly type: 'run-parked'; readonly on: ParkKind; readonly detail: string })
  | (OfRun & { readonly type: 'run-resumed'; readonly from: ParkKind })
  | (OfRun & { readonly type: 'run-settled' })
  | (OfRun & {
      readonly type: 'run-failed';
      readonly attempt: number;
      readonly error: unknown;
      readonly willRetry: boolean;
    })
  | (OfRun & { readonly type: 'run-aborted'; readonly reason: AbortReason })
  | (OfRun & { readonly type: 'run-late'; readonly outcome: 'value' | 'error'; readonly result: unknown })
  | (OfStream & { readonly type: 'trigger-dropped'; readonly reason: DropReason; readonly value: unknown })
  | (OfStream & { readonly type: 'value'; readonly value: unknown })
  | (OfAgent & { readonly type: 'error'; readonly error: AgentError })
  | (OfTopic & { readonly type: 'message-published'; readonly payload: unknown })
  | (OfTopic & { readonly type: 'message-delivered'; readonly payload: unknown })
  | (OfTopic & { readonly type: 'message-refused'; readonly error: AgentError })
  | (OfProcedure & { readonly type: 'call-sent'; readonly input: unknown })
  | (OfProcedure & { readonly type: 'call-answered'; readonly output: unknown })
  | (OfProcedure & { readonly type: 'call-failed'; readonly error: AgentError })
  | (OfProcedure & { readonly type: 'call-refused'; readonly error: AgentError })
  | (OfAgent & { readonly type: 'bus-status'; readonly status: string });

/** One thing that happened in a host: its place in the host's order (from 1), its instant (ms), and what it was. */
export type TraceEvent = Happening & { readonly seq: number; readonly at: number };
