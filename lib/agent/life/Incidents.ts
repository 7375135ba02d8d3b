import { type AgentError, messageOf } from '../../AgentError';
import type { HandlerError } from '../../handlers/HandlerError';
import type { OnError } from '../../handlers/options';
import type { RunnerPart } from '../../trace/Ledger';
import type { Agent } from '../Agent';
import { streamFailed, taskFailed, teardownFailed } from '../agentErrors';

/** What ends a life before its time. */
export interface Failure {
  readonly error: unknown;
  /** What it is to do to the agent: stop it for good, restart it, or restart it if it has a `restart`. */
  readonly then: 'stop' | 'restart' | 'restart-if-supervised';
}

/** Takes whatever goes wrong in one life of an agent: tells of it, keeps the health by it, and says what is its end. */
export class Incidents {
  fatal: Failure | undefined;
  /** Until the start, what is fatal is what the start rejects with. */
  isSettingUp = true;
  /** What `setup$` has emitted: a handler that fails at it is fatal as long as the agent is being set up. */
  setupEvent: unknown;

  /** @param onFatal is called once, maybe from the midst of a stream */
  constructor(
    private readonly agent: Agent,
    private readonly onFatal: () => void,
  ) {}

  /** Ends the life for a reason that is an error of its own. */
  fail(error: AgentError): void {
    this.agent.tell(error);
    this.end(error);
  }

  end(error: unknown, then: Failure['then'] = 'restart-if-supervised'): void {
    if (this.fatal !== undefined) return;
    this.fatal = { error, then };
    this.agent.condition.failed(this.agent, messageOf(error));
    this.onFatal();
  }

  handlerFailed(part: RunnerPart, error: HandlerError, then: OnError): void {
    this.agent.condition.failed(part, error.message);
    this.agent.tell(error);
    if (this.isSettingUp && error.trigger === this.setupEvent) this.end(error.cause);
    else if (then !== 'continue') this.end(error, then);
  }

  handlerStruggles(part: RunnerPart, reason: string): void {
    this.agent.condition.failed(part, reason);
  }

  recovered(part: RunnerPart): void {
    this.agent.condition.recovered(part);
  }

  streamFailed(stream: string, cause: unknown): void {
    const error = streamFailed(this.agent.name, stream, cause);
    this.agent.tell(error);
    this.end(this.isSettingUp ? cause : error);
  }

  teardownFailed(stream: string, cause: unknown): void {
    this.agent.tell(teardownFailed(this.agent.name, stream, cause));
  }

  taskFailed(cause: unknown): void {
    this.fail(taskFailed(this.agent.name, cause));
  }

  /** A plain subscriber of the agent's own lifecycle has thrown. */
  readonly lifecycleObserverFailed = (cause: unknown): void => {
    this.agent.observerFailed(cause);
    if (this.isSettingUp) this.end(cause);
  };
}
