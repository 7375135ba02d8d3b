import type { Cancelled } from './Cancelled';

/**
 * An AbortController that goes from run to run. To make one and to abort it costs more than all else that a run
 * costs, so a run that was not aborted hands it on; but only if it left no listener behind, which would
 * otherwise be called for another run's abort.
 */
export class SignalLease {
  private readonly controller = new AbortController();
  private listeners = 0;

  constructor() {
    const { signal } = this.controller;
    const { addEventListener, removeEventListener } = signal;
    signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
      this.listeners++;
      addEventListener.apply(signal, args);
    };
    signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
      this.listeners--;
      removeEventListener.apply(signal, args);
    };
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Whether another run may have it. One whose listeners were miscounted is given up rather than trusted. */
  get isClean(): boolean {
    return this.listeners === 0 && this.signal.onabort === null && !this.signal.aborted;
  }

  abort(reason: Cancelled): void {
    this.controller.abort(reason);
  }
}
