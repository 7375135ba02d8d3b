import { deepEqual } from './deepEqual';
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

/** Whether what was seen is what was expected: what a marble diagram says is compared as it is, and only values deeply. */
export function areAlike(seen: Expectation['actual'], expected: Expectation['actual']): boolean {
  return (
    seen.length === expected.length &&
    seen.every((one, index) => {
      const other = expected[index];
      return other !== undefined && isAlike(one, other);
    })
  );
}

function isAlike(one: TestMessage | SubscriptionLog, other: TestMessage | SubscriptionLog): boolean {
  if (!('frame' in one && 'frame' in other)) return deepEqual(one, other);
  const { kind, value, error } = one.notification;
  return (
    one.frame === other.frame &&
    kind === other.notification.kind &&
    deepEqual(value, other.notification.value) &&
    deepEqual(error, other.notification.error)
  );
}

function frameOf(seen: TestMessage | SubscriptionLog): number {
  if ('frame' in seen) return seen.frame;
  return seen.unsubscribedFrame === Infinity ? seen.subscribedFrame : seen.unsubscribedFrame;
}
