import type { TestHost } from './TestHost';
import type { TestNetwork } from './TestNetwork';

/** The hosts of a test, as whoever does something to them has them. */
export interface Cluster {
  /** All of them, the test's own first. */
  readonly hosts: readonly TestHost[];
  readonly network: TestNetwork;
  /** Whether a host stands still. */
  isStalled(host: TestHost): boolean;
  /** The process of a host ends now, and comes back in so many ms. */
  crash(host: TestHost, down: number): void;
}
