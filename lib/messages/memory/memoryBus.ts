import { checkOptions, NO_OPTIONS } from '../../options/checkOptions';
import { InMemoryBus, type MemoryBus } from './InMemoryBus';

export type { MemoryBus } from './InMemoryBus';

/**
 * A bus within one process, and the one that a host has by default. What is published is delivered by a task of the
 * host's scheduler at the same instant: never re-entrantly, and virtual in a marble test.
 */
export function memoryBus(options?: Readonly<Record<string, never>>): MemoryBus {
  checkOptions('memoryBus', NO_OPTIONS, options);
  return new InMemoryBus();
}
