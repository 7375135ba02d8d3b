import { checkOptions, NO_OPTIONS } from '../options/checkOptions';
import type { Bus } from './Bus';
import { InMemoryBus } from './InMemoryBus';

/** A bus that can be made to lose its connection, to see how agents take that. */
export interface MemoryBus extends Bus {
  /** Loses the connection: nothing can be sent, and open calls fail. What was published before still arrives. */
  drop(): void;
  /** Finds the connection again; subscriptions and servers are what they were. */
  restore(): void;
}

/**
 * A bus within one process, and the one that a host has by default. What is published is delivered by a task of the
 * host's scheduler at the same instant: never re-entrantly, and virtual in a marble test.
 */
export function memoryBus(options?: Readonly<Record<string, never>>): MemoryBus {
  checkOptions('memoryBus', NO_OPTIONS, options);
  return new InMemoryBus();
}
