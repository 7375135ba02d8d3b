import { checkOptions } from '../../options/checkOptions';
import { DELIVERIES, type DeliveryOptions, toDeliveryPlan } from '../kept/deliveries';
import { InMemoryBus, type MemoryBus } from './InMemoryBus';

export type { MemoryBus } from './InMemoryBus';

/**
 * A bus within one process, and the one that a host has by default. What is published is delivered by a task of the
 * host's scheduler at the same instant: never re-entrantly, and virtual in a marble test. Messages of durable topics
 * are kept in the host's store, if it has one.
 *
 * @throws AgentError `bad-option` or `bad-duration`
 */
export function memoryBus(options: DeliveryOptions = {}): MemoryBus {
  checkOptions('memoryBus', DELIVERIES, options);
  return new InMemoryBus(toDeliveryPlan(options));
}
