import { type AgentError, messageOf } from '../../AgentError';
import type { HandlerError } from '../../handlers/run/HandlerError';
import type { OnError } from '../../handlers/policies/options';
import type { RunnerPart } from '../../trace/Ledger';
import { observerFailed, readinessFailed, streamFailed, taskFailed, teardownFailed } from '../agentErrors';
import type { HealthMonitor } from '../health/HealthMonitor';
import type { ScopeReader } from './AgentScope';
import type { ReadinessReader } from './Readiness';

/** What ends a life before its time. */
export interface Failure {
  readonly error: unknown;
  /** What it is to do to the agent: stop it for good, restart it, or restart it if it has a `restart`. */
  readonly then: 'stop' | 'restart' | 'restart-if-supervised';
}

/** Who is told of what goes wrong in a life. */
export interface IncidentReader {
  readonly name: string;
  /** Whether it has not started yet: what is fatal then is what the start rejects with, as it is. */
  readonly isSettingUp: boolean;
  tell(error: AgentError): void;
  /** The life cannot go on. It may be in the midst of a stream. */
  failed(failure: Failure): void;
  /** There is a handler that may restart its agent. */
  mayRestart(): void;
}

/** Before `setup$` has emitted no trigger is its event, whatever a trigger is. */
const NONE = Symbol('none');

/** Takes whatever goes wrong in one life of an agent: tells of it, keeps the health by it, and says what is its end. */
export class Incidents implements ScopeReader, ReadinessReader {
  /** What `setup$` has emitted: a handler that fails at it is fatal as long as the agent is being set up. */
  setupEvent: unknown = NONE;
  /** What comes of a life that is over is told, and is nobody's failure any more. */
  isOver = false;

  constructor(
    private readonly reader: IncidentReader,
    private readonly health: HealthMonitor,
  ) {}

  /** Ends the life for a reason that is an error of its own. */
  fail(error: AgentError): void {
    this.reader.tell(error);
    this.end(error);
  }

  end(error: unknown, then: Failure['then'] = 'restart-if-supervised'): void {
    if (!this.isOver) this.reader.failed({ error, then });
  }

  handlerFailed(part: RunnerPart, error: HandlerError, then: OnError): void {
    const { reader } = this;
    if (!this.isOver) this.health.failed(part, messageOf(error));
    reader.tell(error);
    if (reader.isSettingUp && error.trigger === this.setupEvent) this.end(error.cause);
    else if (then !== 'continue') this.end(error, then);
  }

  handlerStruggles(part: RunnerPart, reason: string): void {
    if (!this.isOver) this.health.failed(part, reason);
  }

  handlerRecovered(part: RunnerPart, name: string): void {
    this.health.recovered(part);
    this.health.recovered(name);
  }

  /** A handler takes no trigger any more. One whose last run has failed stays failing, by its name. */
  handlerLeft(part: RunnerPart, name: string): void {
    if (part.hasCompleted && !this.isOver) this.health.rename(part, name);
    else this.health.recovered(part);
  }

  tell(error: AgentError): void {
    this.reader.tell(error);
  }

  get isSettingUp(): boolean {
    return this.reader.isSettingUp;
  }

  isFailing(name: string): boolean {
    return this.health.isFailing(name);
  }

  mayRestart(): void {
    this.reader.mayRestart();
  }

  readinessFailed(cause: unknown): void {
    this.fail(readinessFailed(this.reader.name, cause));
  }

  streamFailed(stream: string, cause: unknown): void {
    const error = streamFailed(this.reader.name, stream, cause);
    this.reader.tell(error);
    this.end(this.reader.isSettingUp ? cause : error);
  }

  teardownFailed(stream: string, cause: unknown): void {
    this.reader.tell(teardownFailed(this.reader.name, stream, cause));
  }

  taskFailed(cause: unknown): void {
    this.fail(taskFailed(this.reader.name, cause));
  }

  observerFailed(cause: unknown): void {
    this.reader.tell(observerFailed(this.reader.name, cause));
  }

  /** A plain subscriber of the agent's own lifecycle has thrown. */
  readonly lifecycleObserverFailed = (cause: unknown): void => {
    this.observerFailed(cause);
    if (this.reader.isSettingUp) this.end(cause);
  };
}
