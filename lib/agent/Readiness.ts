import { isObservable, type Observable, type Subscription, take } from 'rxjs';
import { notAnObservable } from './agentErrors';

/** Watches for the first emission that makes an agent ready, which may come before anybody asks for it. */
export class Readiness {
  private hasCome = false;
  private then: (() => void) | undefined;
  private deadline: Subscription | undefined;
  private readonly subscription: Subscription;

  /**
   * @param onError is told if the Observable fails
   * @throws AgentError `not-an-observable`
   */
  constructor(agent: string, ready$: Observable<unknown>, onError: (error: unknown) => void) {
    if (!isObservable(ready$)) throw notAnObservable(agent, 'readyWhen', ready$);
    this.subscription = ready$.pipe(take(1)).subscribe({
      next: () => {
        this.hasCome = true;
        this.deadline?.unsubscribe();
        this.then?.();
      },
      error: onError,
    });
  }

  /** Calls back when it has come, maybe at once. Until then the deadline is armed. */
  await(then: () => void, armDeadline: () => Subscription): void {
    if (this.hasCome) {
      then();
      return;
    }
    this.then = then;
    this.deadline = armDeadline();
  }

  end(): void {
    this.deadline?.unsubscribe();
    this.subscription.unsubscribe();
  }
}
