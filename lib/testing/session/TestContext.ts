import { asyncHooks } from '../../time/present/asyncHooks';
import { offBetweenTests, testBegins, testEnds } from '../foreign/switches';

const storage = asyncHooks && new asyncHooks.AsyncLocalStorage<TestContext>();
/** Some hosts follow contexts at a price, which nobody has to pay when no test runs. */
offBetweenTests(() => storage?.disable());

/** Tells what a test has begun from all else that goes on in the process, where the host has contexts. */
export class TestContext {
  /** Calls somebody as one of the test: all that is begun there, however late, is the test's. */
  run<R>(work: () => R): R {
    if (storage === undefined) return work();
    testBegins();
    return storage.run(this, work);
  }

  /** Whether whoever runs now has been begun by the test. Without contexts everybody has. */
  isCurrent(): boolean {
    return storage === undefined || storage.getStore() === this;
  }

  /** Takes what runs now for one of the test, where the host has lost sight of that. */
  enter(): void {
    if (!this.isCurrent()) storage?.enterWith(this);
  }

  end(): void {
    testEnds();
  }
}
