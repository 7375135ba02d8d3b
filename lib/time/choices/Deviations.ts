import type { Observable } from 'rxjs';

/**
 * What a search does to the work of a host: the port that the parts of the kit ask at the points where something may
 * go otherwise than plainly. A host that is not searched has none.
 */
export interface Deviations {
  /** How much later than it has come, in ms, something is given to the run that waits for it. */
  lateness(of: 'external' | 'offload', agent: string, what: string): number;
  /** Lets a handler fail where that is chosen. */
  handler<F extends (...args: never[]) => unknown>(handler: F, agent: string, stream: string): F;
  /** Lets a stream fail where that is chosen. */
  stream<T>(source$: Observable<T>, agent: string, stream: string): Observable<T>;
}
