import type { Observable } from 'rxjs';
import type { AgentContext, AgentDefinition, Clock, Host, HostOptions } from 'rx-agent-kit';

/** What a callback is given to be hostile with. */
export interface Evil {
  /** Throws the evil error. */
  readonly now: () => never;
  /** Rejects with it. */
  readonly later: () => Promise<never>;
  readonly error: unknown;
  /** Whether it is the first call of a callback that is hostile only once. */
  readonly once: () => boolean;
}

/** A callback that the kit calls, and what is seen when it throws. */
export interface HostileCallback {
  /** The codes of what is on the host's `errors$`. */
  readonly codes: readonly string[];
  /** Whether the start of the agent rejects. */
  readonly rejects?: true;
  /** Whether no other agent can start either. */
  readonly startsNobody?: true;
  readonly host?: (evil: Evil, clock: Clock) => HostOptions;
  readonly streams?: (context: AgentContext<object>, evil: Evil) => Record<string, Observable<unknown>>;
  readonly agent?: (evil: Evil) => Partial<AgentDefinition>;
  /** Is called when the agent has been started. */
  readonly then?: (host: Host, evil: Evil) => void;
}

export type HostileCallbacks = Readonly<Record<string, HostileCallback>>;
