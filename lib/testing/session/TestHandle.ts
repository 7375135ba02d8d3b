import type { Observable } from 'rxjs';
import type { AgentError } from '../../AgentError';
import type { AgentHandle, Health, StopReport } from '../../agent/AgentHandle';
import { ASYNC_DISPOSE } from '../../agent/asyncDispose';
import type { Streams } from '../../agent/definition/defineAgent';
import type { LedgerEntry } from '../../trace/Ledger';
import type { Phase } from '../../trace/TraceEvent';

/** The handle of an agent whose host may crash: it leads to the agent of the host's present life. */
export class TestHandle implements AgentHandle {
  constructor(private readonly present: () => AgentHandle) {}

  get name(): string {
    return this.present().name;
  }

  get streams(): Streams {
    return this.present().streams;
  }

  get state(): Phase {
    return this.present().state;
  }

  get state$(): Observable<Phase> {
    return this.present().state$;
  }

  get health(): Health {
    return this.present().health;
  }

  get health$(): Observable<Health> {
    return this.present().health$;
  }

  get errors$(): Observable<AgentError> {
    return this.present().errors$;
  }

  configure(config: object): void {
    this.present().configure(config);
  }

  stop(): Promise<StopReport> {
    return this.present().stop();
  }

  async [ASYNC_DISPOSE](): Promise<void> {
    await this.stop();
  }

  ledger(): readonly LedgerEntry[] {
    return this.present().ledger();
  }
}
