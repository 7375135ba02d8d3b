import { aPort } from '../../options/checks';

/** A function that is run elsewhere. It is sent as text, so it has to be closed: it sees its arguments, and globals. */
export type OffloadFunction = (...args: never[]) => unknown;

/** What is run elsewhere: a function, or the URL of a module whose default export it is. */
export type OffloadWork = OffloadFunction | URL;

/** Runs work where it blocks no agent: the port that a worker pool stands behind. */
export interface Offloader {
  /**
   * Runs work, and rejects with what it throws. When the signal is aborted the work is ended, whatever it does;
   * what becomes of the promise then does not matter.
   */
  run(work: OffloadWork, args: readonly unknown[], signal: AbortSignal): Promise<unknown>;
  /** Ends all that it keeps for the work to come. Whoever gives it work after that gets it done all the same. */
  close(): Promise<void>;
}

/** Of an option: an {@link Offloader}. */
export const anOffloader = aPort(['run', 'close'], 'a pool, such as workerPool()');

/** See {@link Run.offload}. */
export interface Offload {
  <Args extends readonly unknown[], R>(
    work: (...args: Args) => R,
    ...[args]: [] extends Args ? [args?: Args] : [args: Args]
  ): Promise<Awaited<R>>;
  (module: URL, args?: readonly unknown[]): Promise<unknown>;
}

/** The work's name, for reports. */
export function nameOfWork(work: OffloadWork): string {
  if (work instanceof URL) return work.pathname.slice(work.pathname.lastIndexOf('/') + 1) + work.hash;
  return work.name === '' ? 'a function' : work.name;
}
