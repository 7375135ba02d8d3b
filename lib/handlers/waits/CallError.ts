import { AgentError, type AgentErrorCode } from '../../AgentError';

export interface CallFailure {
  readonly code: Extract<AgentErrorCode, 'unreachable' | 'call-timeout' | 'call-failed'>;
  readonly agent: string;
  readonly procedure: string;
  readonly message: string;
  readonly remoteCode?: string;
}

/** A call that has failed. */
export class CallError extends AgentError {
  override readonly name = 'CallError';
  readonly procedure: string;
  /** The code of what the server has thrown; `handler-failed` if that bore none. Only with code `call-failed`. */
  readonly remoteCode: string | undefined;

  constructor({ code, agent, procedure, message, remoteCode }: CallFailure) {
    super(code, message, { agent });
    this.procedure = procedure;
    this.remoteCode = remoteCode;
  }
}
