import { errorNameOf, isA, isError, messageOf } from './readError';

export { messageOf } from './readError';

/** Every code that an {@link AgentError} can bear; switch on it rather than on the message. */
export type AgentErrorCode =
  // wiring: thrown where it is written
  | 'bad-duration'
  | 'bad-date'
  | 'bad-cron'
  | 'bad-zone'
  | 'bad-option'
  | 'bad-definition'
  | 'not-an-observable'
  | 'missing-package'
  // starting and running an agent
  | 'duplicate-agent'
  | 'bad-config'
  | 'bad-config-file'
  | 'bad-trace-file'
  | 'start-timeout'
  | 'host-stopped'
  | 'agent-stopped'
  | 'unmet-need'
  | 'unknown-need'
  | 'cyclic-needs'
  | 'start-failed'
  | 'setup-failed'
  | 'restart-limit'
  | 'stop-timeout'
  | 'blocked'
  | 'stream-failed'
  | 'task-failed'
  | 'observer-failed'
  // one run of a handler
  | 'handler-failed'
  | 'timeout'
  | 'wait-timeout'
  | 'overflow'
  | 'cannot-offload'
  | 'cancelled'
  // what outlives the process
  | 'no-store'
  | 'store-locked'
  | 'store-failed'
  | 'store-fenced'
  | 'lease-failed'
  | 'lease-lost'
  | 'duplicate-durable'
  | 'not-durable'
  | 'cannot-keep'
  | 'kept-unreadable'
  | 'job-crashed'
  | 'bad-state'
  | 'state-not-ready'
  // messages and calls
  | 'bad-topic'
  | 'bad-procedure'
  | 'bad-message'
  | 'message-too-large'
  | 'message-dead'
  | 'bus-failed'
  | 'bus-disconnected'
  | 'bus-unsupported'
  | 'duplicate-server'
  | 'unreachable'
  | 'call-timeout'
  | 'call-failed'
  // marble tests
  | 'nested-marble-test'
  | 'foreign-fake-timers'
  | 'marble-test-failed'
  | 'marble-test-over'
  | 'marble-deadlock'
  | 'marble-endless'
  // searches
  | 'exploration-failed'
  | 'exploration-not-repeatable';

export interface AgentErrorDetails {
  /** What was thrown underneath, if anything. */
  readonly cause?: unknown;
  /** The agent concerned. */
  readonly agent?: string | undefined;
  /** The stream concerned. */
  readonly stream?: string | undefined;
}

/** The one family of errors that the kit throws or reports. */
export class AgentError extends Error {
  override readonly name: string = 'AgentError';
  readonly code: AgentErrorCode;
  readonly agent: string | undefined;
  readonly stream: string | undefined;

  constructor(code: AgentErrorCode, message: string, details: AgentErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.code = code;
    this.agent = details.agent;
    this.stream = details.stream;
  }

  /** All that it says, as plain data: its message and its cause, too, which are no part of an error's JSON by themselves. */
  toJSON(): Readonly<Record<string, unknown>> {
    const { message, cause } = this;
    const known = isError(cause) && !isA(cause, AgentError);
    const told = known ? { name: errorNameOf(cause), message: messageOf(cause) } : cause;
    return {
      ...Object.fromEntries(Object.entries(this)),
      message,
      ...(cause !== undefined && { cause: told }),
    };
  }
}
