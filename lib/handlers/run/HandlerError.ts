import { AgentError, messageOf, type AgentErrorCode } from '../../AgentError';
import { placeOf } from './placeOf';

export interface HandlerFailure {
  readonly code: Extract<AgentErrorCode, 'handler-failed' | 'timeout' | 'overflow'>;
  /** The agent's name; empty for an operator that is in none. */
  readonly agent: string;
  readonly stream: string;
  /** The handler's name, or its stream's. */
  readonly handler: string;
  /** The value that the handler was given. */
  readonly trigger: unknown;
  /** Which attempt it was; the first is 1. */
  readonly attempt: number;
  /** What the handler threw. */
  readonly cause: unknown;
}

/** A run that has failed for good: its retries, if it had any, are used up. An agent's stream goes on. */
export class HandlerError extends AgentError {
  override readonly name = 'HandlerError';
  readonly handler: string;
  readonly trigger: unknown;
  readonly attempt: number;

  constructor({ code, agent, stream, handler, trigger, attempt, cause }: HandlerFailure) {
    const { where, ...place } = placeOf(agent, stream);
    const who = handler === where ? 'the handler' : handler;
    super(code, `${where}: ${who} failed at attempt ${attempt}: ${messageOf(cause)}`, { ...place, cause });
    this.handler = handler;
    this.trigger = trigger;
    this.attempt = attempt;
  }
}
