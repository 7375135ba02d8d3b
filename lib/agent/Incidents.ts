import type { Observable } from 'rxjs';
import { type AgentError, messageOf } from '../AgentError';
import type { HandlerError } from '../handlers/HandlerError';
import type { RunnerPart } from '../trace/Ledger';
import { Outlet } from '../trace/Outlet';
import { observerFailed, streamFailed, taskFailed, teardownFailed } from './agentErrors';
import type { AgentHost } from './AgentHost';
import { HealthKeeper } from './HealthKeeper';

/** Takes whatever goes wrong in an agent: tells of it, keeps the health by it, and says what is the agent's end. */
export class Incidents {
  readonly health: HealthKeeper;
  /** What ends the life before its time. */
  fatal: { readonly error: unknown } | undefined;
  /** Until the start, what is fatal is what the start rejects with. */
  isSettingUp = true;
  /** What `setup$` has emitted: a handler that fails at it is fatal as long as the agent is being set up. */
  setupEvent: unknown;
  private readonly errors: Outlet<AgentError>;

  /** @param onFatal is called once, maybe from the midst of a stream */
  constructor(
    private readonly agent: string,
    private readonly host: AgentHost,
    private readonly onFatal: () => void,
  ) {
    this.errors = new Outlet(this.observerFailed);
    this.health = new HealthKeeper(() => host.scheduler.now(), this.observerFailed);
  }

  get errors$(): Observable<AgentError> {
    return this.errors.$;
  }

  tell(error: AgentError): void {
    this.errors.next(error);
    this.host.report(error);
  }

  /** Ends the agent for a reason that is an error of its own. */
  fail(error: AgentError): void {
    this.tell(error);
    this.end(error);
  }

  end(error: unknown): void {
    if (this.fatal !== undefined) return;
    this.fatal = { error };
    this.health.failed(this, messageOf(error));
    this.onFatal();
  }

  handlerFailed(part: RunnerPart, error: HandlerError, shouldStop: boolean): void {
    this.health.failed(part, error.message);
    this.tell(error);
    if (this.isSettingUp && error.trigger === this.setupEvent) this.end(error.cause);
    else if (shouldStop) this.end(error);
  }

  streamFailed(stream: string, cause: unknown): void {
    const error = streamFailed(this.agent, stream, cause);
    this.tell(error);
    this.end(this.isSettingUp ? cause : error);
  }

  teardownFailed(stream: string, cause: unknown): void {
    this.tell(teardownFailed(this.agent, stream, cause));
  }

  taskFailed(cause: unknown): void {
    this.fail(taskFailed(this.agent, cause));
  }

  /** Somebody outside has thrown, who is free to do so. */
  readonly observerFailed = (cause: unknown): void => {
    this.tell(observerFailed(this.agent, cause));
  };

  /** A plain subscriber of the agent's own lifecycle has thrown. */
  readonly lifecycleObserverFailed = (cause: unknown): void => {
    this.observerFailed(cause);
    if (this.isSettingUp) this.end(cause);
  };

  /** The agent has stopped. That is said of its health before the handlers go, lest it seems to recover by that. */
  stopped(): void {
    this.health.stopped(this.fatal === undefined ? undefined : messageOf(this.fatal.error));
  }

  complete(): void {
    this.errors.complete();
  }
}
