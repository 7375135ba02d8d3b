import type { Observable } from 'rxjs';
import type { AgentError } from '../../AgentError';
import type { AgentHandle, Health, StopReport } from '../../agent/AgentHandle';
import { AsyncStoppable } from '../../agent/AsyncStoppable';
import type { Streams } from '../../agent/definition/defineAgent';
import type { LedgerEntry } from '../../trace/Ledger';
import type { Phase } from '../../trace/TraceEvent';

/** The handle of an agent whose host may crash: it leads to the agent of the host's present life. */
export class TestHandle extends AsyncStoppable implements AgentHandle {
  constructor(private readonly present: () => AgentHandle) {
    super();
  }

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

  ledger(): readonly LedgerEntry[] {
    return this.present().ledger();
  }
}
