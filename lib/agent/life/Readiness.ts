import { isObservable, type Observable, type Subscription, take } from 'rxjs';
import type { AgentError } from '../../AgentError';
import type { Worker } from '../../time/Present';
import type { Scheduler } from '../../time/Scheduler';
import { notAnObservable, notReady, readinessFailed } from '../agentErrors';

/** Watches for the first emission that makes an agent ready, which may come before anybody asks for it. */
export class Readiness {
  private hasCome = false;
  private then: (() => void) | undefined;
  private deadline: Subscription | undefined;
  private readonly subscription: Subscription;

  /**
   * @param onError is told if the Observable fails, or is late
   * @throws AgentError `not-an-observable`
   */
  constructor(
    private readonly agent: string,
    ready$: Observable<unknown>,
    owner: Worker['owner'],
    private readonly onError: (error: AgentError) => void,
  ) {
    if (!isObservable(ready$)) throw notAnObservable(agent, 'readyWhen', ready$);
    // What is armed on the way is known by this to be of no stream.
    const place: Worker = { owner, stream: '(readyWhen)' };
    this.subscription = ready$.pipe(take(1)).subscribe({
      ...place,
      next: () => {
        this.hasCome = true;
        this.deadline?.unsubscribe();
        this.then?.();
      },
      error: (error: unknown) => {
        onError(readinessFailed(agent, error));
      },
    });
  }

  /** Calls back when it has come, maybe at once; it is late after so many ms. */
  await(then: () => void, scheduler: Scheduler, timeout: number): void {
    if (this.hasCome) {
      then();
      return;
    }
    this.then = then;
    this.deadline = scheduler.schedule(() => {
      this.onError(notReady(this.agent, timeout));
    }, timeout);
  }

  end(): void {
    this.deadline?.unsubscribe();
    this.subscription.unsubscribe();
  }
}
