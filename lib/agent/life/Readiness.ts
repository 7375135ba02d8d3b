/* eslint-disable @typescript-eslint/no-deprecated --
   It lets go of its source within the first value, also while it is still being subscribed. */
import { isObservable } from 'rxjs';
import { LeanSubscriber } from '../../time/operators/LeanSubscriber';
import type { Worker } from '../../time/present/Present';
import { guarded } from '../../trace/guarded';
import { notAnObservable } from '../agentErrors';

/** Is told what goes wrong with what an agent's readiness hangs on. */
export interface ReadinessReader {
  readinessFailed(error: unknown): void;
  teardownFailed(where: string, error: unknown): void;
}

/** Watches for the first emission that makes an agent ready, which may come before anybody asks for it. */
export class Readiness extends LeanSubscriber<unknown> implements Worker {
  /** What is armed on the way is known by this to be of no stream. */
  readonly stream = '(readyWhen)';
  private hasCome = false;
  private then: (() => void) | undefined;

  constructor(
    private readonly reader: ReadinessReader,
    readonly owner: object,
  ) {
    super();
  }

  /** @throws AgentError `not-an-observable` */
  watch(agent: string, ready$: unknown): this {
    if (!isObservable(ready$)) throw notAnObservable(agent, 'readyWhen', ready$);
    try {
      ready$.subscribe(this);
    } catch (error) {
      // One that emits while it is subscribed is torn down while it is.
      if (!this.hasCome) throw error;
      this.reader.teardownFailed('readyWhen', error);
    }
    return this;
  }

  /** Whether it has come; calls back when it does, if not. */
  await(then: () => void): boolean {
    if (!this.hasCome) this.then = then;
    return this.hasCome;
  }

  /** What its teardown throws must not reach whoever emits. */
  override unsubscribe(): void {
    guarded(
      () => {
        super.unsubscribe();
      },
      (error) => {
        this.reader.teardownFailed('readyWhen', error);
      },
    );
  }

  protected override _next(): void {
    const { then } = this;
    this.hasCome = true;
    this.then = undefined;
    this.unsubscribe();
    then?.();
  }

  protected override _error(error: unknown): void {
    this.unsubscribe();
    this.reader.readinessFailed(error);
  }

  protected override _complete(): void {
    this.unsubscribe();
  }
}
