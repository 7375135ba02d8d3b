import type { SubscriptionLog, TestMessage } from './marbles';

/** What a test expects of one thing, and what has been seen of it. */
export interface Expectation {
  /** What is looked at, in words. */
  readonly what: string;
  readonly kind: 'observable' | 'subscriptions' | 'handlers';
  readonly actual: (TestMessage | SubscriptionLog)[];
  /** Undefined until `toBe` or `toEqual` has said it. */
  expected: (TestMessage | SubscriptionLog)[] | undefined;
  /** The agent and the stream concerned, where they are known. */
  readonly agent?: string;
  readonly stream?: string;
}

/** The last frame that an expectation names, or -Infinity. */
export function lastFrameOf({ expected }: Expectation): number {
  return Math.max(-Infinity, ...(expected ?? []).map(frameOf));
}

/** The expectation as far as it can be judged up to a frame. */
export function cutAt(expectation: Expectation, frame: number): Expectation {
  if (frame === Infinity || expectation.kind === 'subscriptions') return expectation;
  return { ...expectation, actual: expectation.actual.filter((seen) => frameOf(seen) <= frame) };
}

function frameOf(seen: TestMessage | SubscriptionLog): number {
  if ('frame' in seen) return seen.frame;
  return seen.unsubscribedFrame === Infinity ? seen.subscribedFrame : seen.unsubscribedFrame;
}
