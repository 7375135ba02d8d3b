import { nested, optionTable } from '../../options/checkOptions';
import { aCount } from '../../options/checks';
import { BACKOFF, type BackoffOptions, toBackoff } from '../../time/spans/backoff';
import type { RandomSource } from '../../time/spans/random';

export interface DeliveryOptions {
  /** How often a message of a durable topic is delivered at most; then it is dead. Default 10. */
  readonly maxDeliver?: number;
  /** The waits before a message that has failed comes again. Default from a second to a minute, each twice as long. */
  readonly redelivery?: BackoffOptions;
}

export const DELIVERIES = optionTable<DeliveryOptions>({
  maxDeliver: aCount(1),
  redelivery: nested(BACKOFF),
});

/** The options, read. */
export interface DeliveryPlan {
  readonly maxDeliver: number;
  /** Gives the wait behind a delivery (the first is 1), in ms. */
  readonly waitBefore: (attempt: number, random: RandomSource) => number;
}

export function toDeliveryPlan({ maxDeliver = 10, redelivery }: DeliveryOptions): DeliveryPlan {
  return { maxDeliver, waitBefore: toBackoff(redelivery ?? { from: '1s', to: '1m' }) };
}
