import type { Observable } from 'rxjs';
import type { AgentError } from '../AgentError';
import type { LedgerEntry } from '../trace/Ledger';
import type { Phase } from '../trace/TraceEvent';
import type { ConfigSchema } from './config/config';
import type { ConfigInput, Streams } from './definition/defineAgent';

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
  /**
   * What the agent's streams emit from now on, by name. Each completes with its stream, at the latest when the agent
   * has stopped, and never fails. However many subscribe, the agent has one subscription to each stream.
   */
  readonly streams: S;
  readonly state: Phase;
  /** The present phase, and each one to come. Completes behind `stopped` or `failed`. */
  readonly state$: Observable<Phase>;
  readonly health: Health;
  /** The present health, and each change of it. Completes behind `stopped`. */
  readonly health$: Observable<Health>;
  /** What goes wrong in the agent: runs that fail (`HandlerError`), a stream that fails, a subscriber that throws. */
  readonly errors$: Observable<AgentError>;
  /**
   * Gives the agent another config; it is on `config$` at the same instant, and not before `start$`. Of several
   * that come before the start the last one counts.
   *
   * @throws AgentError `bad-config` if it does not fit (the present one stays), `agent-stopped` if there is no agent any more
   */
  configure(config: ConfigInput<Schema>): void;
  /** Stops the agent. All calls are one stop, and resolve with its report; it never rejects. */
  stop(): Promise<StopReport>;
  /** Stops the agent, at the end of a block with `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
  /** What is armed and in flight now. */
  ledger(): readonly LedgerEntry[];
}
