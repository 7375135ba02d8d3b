import { TestScheduler } from 'rxjs/testing';
import { AgentError } from '../AgentError';

/** What a source emits, and at which frame. A frame is one virtual ms. */
export interface TestMessage {
  readonly frame: number;
  readonly notification: MarbleNotification;
}

export interface MarbleNotification {
  readonly kind: 'N' | 'E' | 'C';
  readonly value?: unknown;
  readonly error?: unknown;
}

/** The span of a subscription, in frames. */
export interface SubscriptionLog {
  readonly subscribedFrame: number;
  readonly unsubscribedFrame: number;
}

/** RxJS's own marble parser, in the units of its run mode. */
class RunModeMarbles extends TestScheduler {
  static override frameTimeFactor = 1;
}

/** Values by their marbles; without them each marble stands for itself. */
export type MarbleValues = Readonly<Record<string, unknown>>;

/** Reads a diagram by the rules of RxJS 7's run mode. */
export function parseMarbles(
  marbles: string,
  values?: MarbleValues,
  error?: unknown,
  materialize = false,
): TestMessage[] {
  return RunModeMarbles.parseMarbles(marbles, values, error, materialize, true);
}

/** Reads a subscription diagram by the rules of RxJS 7's run mode. */
export function parseSubscription(marbles: string | null): SubscriptionLog {
  return RunModeMarbles.parseMarblesAsSubscriptions(marbles, true);
}

/** Reads the time up to the `|` of a diagram. */
export function parseTime(marbles: string): number {
  const time = marbles.trim().indexOf('|');
  if (time >= 0) return time;
  throw new AgentError(
    'bad-option',
    `time('${marbles}') needs a '|' at the time that is meant: time('---|') is 3.`,
  );
}
