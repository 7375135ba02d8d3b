import type { Observable } from 'rxjs';
import type { AgentError } from '../AgentError';
import type { LedgerEntry } from '../trace/Ledger';
import type { Phase } from '../trace/TraceEvent';
import type { ConfigSchema } from './config';
import type { ConfigInput, Streams } from './defineAgent';

/** How an agent is. */
export interface Health {
  readonly status: 'starting' | 'good' | 'bad' | 'stopped';
  /** Why it is bad, or why it stopped if it failed. */
  readonly reason: string | undefined;
  /** Since when, in ms. */
  readonly since: number;
}

/** What a stop has come to. */
export interface StopReport {
  readonly agent: string;
  /** What had not ended by the deadline and was cut off; empty after a clean stop. */
  readonly left: readonly LedgerEntry[];
}

/** A running agent, from outside. */
export interface AgentHandle<S extends Streams = Streams, Schema extends ConfigSchema = ConfigSchema> {
  readonly name: string;
  /** What the agent's streams emit from now on, by name. They complete when it has stopped, and never fail. */
  readonly streams: S;
  readonly state: Phase;
  /** The present phase, and each one to come. */
  readonly state$: Observable<Phase>;
  readonly health: Health;
  /** The present health, and each change of it. */
  readonly health$: Observable<Health>;
  /** What goes wrong in the agent: runs that fail (`HandlerError`), a stream that fails, a subscriber that throws. */
  readonly errors$: Observable<AgentError>;
  /**
   * Gives the agent another config; it is on `config$` at the same instant, and not before `start$`.
   *
   * @throws AgentError `bad-config` if it does not fit (the present one stays), `agent-stopped` if there is no agent any more
   */
  configure(config: ConfigInput<Schema>): void;
  /** Stops the agent. All calls are one stop, and resolve with its report. */
  stop(): Promise<StopReport>;
  /** What is armed and in flight now. */
  ledger(): readonly LedgerEntry[];
}
