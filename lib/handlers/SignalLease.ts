import type { Cancelled } from './Cancelled';

/**
 * An AbortController that goes from run to run. To make one and to abort it costs more than all else that a run
 * costs, so a run that was not aborted hands it on; but only if it left no listener behind, which would
 * otherwise be called for another run's abort.
 */
export class SignalLease {
  private readonly controller = new AbortController();
  private readonly listeners = new Set<unknown>();
  private isDoubtful = false;

  constructor() {
    const { signal } = this.controller;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      // The same one twice may be one listener or two, so it is not counted but distrusted.
      if (this.listeners.has(args[1])) this.isDoubtful = true;
      this.listeners.add(args[1]);
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      this.listeners.delete(args[1]);
      remove(...args);
    };
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Whether another run may have it. */
  get isClean(): boolean {
    const { signal } = this;
    return this.listeners.size === 0 && !this.isDoubtful && signal.onabort === null && !signal.aborted;
  }

  abort(reason: Cancelled): void {
    this.controller.abort(reason);
  }
}
