import { isObservable, type Subscription } from 'rxjs';
import { AgentError } from '../../AgentError';
import { textOf } from '../../readError';

/** The run of a job, as far as it can be called off. */
export interface CalledOff {
  callOff(): void;
  /** What was to tell of it has failed. */
  failBy(error: unknown): void;
}

/** Calls a job off when what its `until` has given emits, whichever attempt is in flight then. */
export class CallOff {
  /** The present attempt; there is none while it is being looked whether there is to be one. */
  run: CalledOff | undefined;
  /** Whether it has emitted, and what it has failed with. */
  isOff = false;
  failure: { readonly error: unknown } | undefined;
  private subscription: Subscription | undefined;
  private isOver = false;

  watch(until: () => unknown): this {
    try {
      const stop$ = until();
      if (!isObservable(stop$)) throw noObservable(stop$);
      this.subscription = stop$.subscribe({
        next: () => {
          this.off();
        },
        error: (error: unknown) => {
          this.fail(error);
        },
      });
    } catch (error) {
      this.fail(error);
    }
    if (this.isOver) this.letGo();
    return this;
  }

  /** The job is over. */
  end(): void {
    this.isOver = true;
    this.letGo();
  }

  private off(): void {
    if (this.isOver) return;
    this.isOff = true;
    this.end();
    this.run?.callOff();
  }

  private fail(error: unknown): void {
    if (this.isOver) return;
    this.failure = { error };
    this.end();
    this.run?.failBy(error);
  }

  /** What a teardown throws concerns nobody: the job is decided. */
  private letGo(): void {
    try {
      this.subscription?.unsubscribe();
    } catch {
      // See above.
    }
  }
}

function noObservable(given: unknown): AgentError {
  return new AgentError('bad-option', `until has to give an Observable, and gave ${textOf(given)}.`);
}
