import type { Observable } from 'rxjs';
import type { AgentError } from '../AgentError';
import type { LedgerEntry } from '../trace/Ledger';
import type { Phase } from '../trace/TraceEvent';
import type { AgentHandle, Health, StopReport } from './AgentHandle';
import { AsyncStoppable } from './AsyncStoppable';
import type { Streams } from './definition/defineAgent';

/** Something of which there is a present value, and each one to come. */
interface Shown<T> {
  readonly current: T;
  readonly $: Observable<T>;
}

/** The agent that is seen. */
export interface ViewedAgent {
  readonly name: string;
  readonly wiring: { readonly streams: Streams };
  readonly phase: Shown<Phase>;
  readonly condition: Shown<Health>;
  readonly errors$: Observable<AgentError>;
  configure(config: unknown): void;
  shutDown(done: (report: StopReport) => void): void;
  ledger(): readonly LedgerEntry[];
}

/** What others have of an agent, and nothing else of it. In a test whose host crashes it leads to the present one. */
export class AgentView extends AsyncStoppable implements AgentHandle {
  readonly name: string;
  readonly #present: () => ViewedAgent;

  constructor(present: () => ViewedAgent) {
    super();
    this.#present = present;
    this.name = present().name;
  }

  get streams(): Streams {
    return this.#present().wiring.streams;
  }

  get state(): Phase {
    return this.#present().phase.current;
  }

  get state$(): Observable<Phase> {
    return this.#present().phase.$;
  }

  get health(): Health {
    return this.#present().condition.current;
  }

  get health$(): Observable<Health> {
    return this.#present().condition.$;
  }

  get errors$(): Observable<AgentError> {
    return this.#present().errors$;
  }

  configure(config: unknown): void {
    this.#present().configure(config);
  }

  stop(): Promise<StopReport> {
    return new Promise((resolve) => {
      this.#present().shutDown(resolve);
    });
  }

  ledger(): readonly LedgerEntry[] {
    return this.#present().ledger();
  }
}
