import { type Observable, type Subscription, take } from 'rxjs';

/** Watches for the first emission that makes an agent ready, which may come before anybody asks for it. */
export class Readiness {
  private hasCome = false;
  private then: (() => void) | undefined;
  private readonly subscription: Subscription;

  /** @param onError is told if the Observable fails */
  constructor(ready$: Observable<unknown>, onError: (error: unknown) => void) {
    this.subscription = ready$.pipe(take(1)).subscribe({
      next: () => {
        this.hasCome = true;
        this.then?.();
      },
      error: onError,
    });
  }

  await(then: () => void): void {
    if (this.hasCome) then();
    else this.then = then;
  }

  end(): void {
    this.subscription.unsubscribe();
  }
}
