import type { Observable } from 'rxjs';
import type { ZodType } from 'zod';

/** A zod schema of an agent's state: an object, each member of which has a default. */
export type StateSchema = ZodType<object>;

/** Stands for the schema of an agent that has no state. */
export type NoState = ZodType<never>;

/**
 * One value of an agent that outlives its process, restored right before `start$` (and `config$`).
 *
 * What is set in a turn is kept with all else that durable parts write in it, or not at all: a handler that sets it
 * right before it returns has both, the state and the end of its job. Before the start its functions throw AgentError
 * `state-not-ready`.
 */
export interface AgentState<State> {
  /** The state as it is now. Nobody can change it in place. */
  get(): Readonly<State>;
  /** Gives it another value. Throws AgentError `bad-state` for one that does not fit its schema, or is no JSON. */
  set(next: State): void;
  /** The same, made of the present one: `state.update((now) => ({ ...now, count: now.count + 1 }))`. */
  update(change: (now: Readonly<State>) => State): void;
  /** The state from right before `start$` on: the restored one first, the present one to whoever comes later. */
  readonly state$: Observable<Readonly<State>>;
}
