import type { SchedulerLike } from 'rxjs';
import { aPort } from '../../options/checks';

/** What stands under the name of a lease. */
export interface Mark {
  /** It grows with each write, whoever writes. 0 if nothing has been written. */
  readonly number: number;
  /** Who has the lease, as that one has written it; `''` if nobody has. */
  readonly holder: string;
}

/** The mark of a lease that nobody has had. */
export const NO_MARK: Mark = { number: 0, holder: '' };

/** What leases are given of the host that opens them. */
export interface LeasesContext {
  /** The host's scheduler, for what has to wait: it knows no other time. */
  readonly scheduler: SchedulerLike;
  /** Says that the host has stopped: what is still waited for is of no use any more, and keeps no process alive. */
  readonly signal?: AbortSignal;
}

/**
 * Keeps a mark for each lease, where all hosts see it: the port behind `singleton`. It knows nothing of time: how long
 * a lease holds is judged by each host, by its own monotonic clock and by whether the mark has changed meanwhile.
 * `leasesContract` in the specs says what any of them has to do.
 */
export interface Leases {
  /** Rejects if they cannot be reached; it may be tried again. */
  open(host: string, context: LeasesContext): Promise<OpenLeases>;

  /** What can be had without asking anybody, as in a marble test. Default nothing. */
  readonly atOnce?: LeasesAtOnce;
}

/** Leases of which some can be had at once, so that an agent is set up when its start is asked for, as any other is. */
export interface LeasesAtOnce {
  /** Takes a lease that is free, and gives its number; undefined if it has to be waited for. */
  take(name: string, holder: string): number | undefined;
  /** Sets it free. */
  free(name: string, holder: string): void;
  /** Calls back when there is somebody else who may want it, at once if there is: from then on it has to be renewed. */
  whenShared(then: () => void): void;
}

export interface OpenLeases {
  /** The mark that stands under a name now: none that is older than what has been written before this was asked. */
  read(name: string): Promise<Mark>;

  /**
   * Writes a mark, if the one that stands there has the number `after`; 0 stands for none. Resolves with the number of
   * the new one, or with undefined if there is another. When it rejects it is not known what has become of it.
   */
  write(name: string, holder: string, after: number): Promise<number | undefined>;

  /** Lets go of them; the marks stay. It never rejects. */
  close(): Promise<void>;
}

/** Of an option: {@link Leases}. */
export const aLeases = aPort(['open'], "leases, such as natsLeases({ servers: 'nats://broker:4222' })");
