import type { Observable } from 'rxjs';
import { AgentError } from '../AgentError';
import { messageOf, readable } from '../readError';
import type { Log, LogFields } from '../trace/Log';
import { Outlet } from '../trace/Outlet';
import type { Trace } from '../trace/Trace';

/** Tells of what goes wrong in a host: on `errors$`, in the log and in the trace. Whatever these do, it goes on. */
export class Reports {
  private readonly errors: Outlet<AgentError>;

  /** @param trace is asked for, since it needs somebody to tell of its own readers */
  constructor(
    private readonly host: string,
    /** It never throws. */
    private readonly log: Log,
    private readonly traceOf: () => Trace,
    former?: Reports,
  ) {
    this.errors = former?.errors ?? new Outlet(this.observerFailed);
  }

  get errors$(): Observable<AgentError> {
    return this.errors.$;
  }

  report(error: AgentError): void {
    const { code, agent = this.host, stream, cause } = error;
    const trace = this.traceOf();
    this.log.error(error.message, { agent, stream, code, cause: readable(cause) });
    this.errors.next(error);
    if (trace.isWatched) trace.write({ type: 'error', agent, error });
  }

  warn(message: string, fields?: LogFields): void {
    if (fields === undefined) this.log.warn(message);
    else this.log.warn(message, fields);
  }

  /** Something of the host's surroundings has thrown: its store, its offloader, its bus. */
  failed(what: string, cause: unknown): void {
    this.report(observerFailed(what, cause));
  }

  taskFailed(cause: unknown): void {
    this.report(new AgentError('task-failed', `Scheduled work threw: ${messageOf(cause)}`, { cause }));
  }

  readonly observerFailed = (cause: unknown): void => {
    this.failed('A subscriber threw', cause);
  };

  complete(): void {
    this.errors.complete();
  }

  /** What the log throws cannot be written to it. */
  logFailed(cause: unknown): void {
    this.errors.next(observerFailed('The log threw', cause));
  }
}

function observerFailed(what: string, cause: unknown): AgentError {
  return new AgentError('observer-failed', `${what}: ${messageOf(cause)}`, { cause });
}
