import { TestScheduler } from 'rxjs/testing';
import { AgentError } from '../../AgentError';
import { hasTime, readableMarbles } from './diagramSyntax';

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

/**
 * Reads a diagram by the rules of RxJS 7's run mode, in which a time may have the units of a duration.
 *
 * @throws AgentError `bad-option` for what can only be a mistake: a group that is not closed, a marble behind the end
 */
export function parseMarbles(
  marbles: string,
  values?: MarbleValues,
  error?: unknown,
  materialize = false,
): TestMessage[] {
  return RunModeMarbles.parseMarbles(readableMarbles(marbles), values, error, materialize, true);
}

/** Reads a subscription diagram by the same rules. */
export function parseSubscription(marbles: string | null): SubscriptionLog {
  return RunModeMarbles.parseMarblesAsSubscriptions(marbles === null ? null : readableMarbles(marbles), true);
}

/**
 * Reads the time up to the `|` of a diagram. RxJS counts characters here, and reads no times: where there is one, it
 * is read as in any other diagram.
 *
 * @throws AgentError `bad-option` if there is no `|`
 */
export function parseTime(marbles: string): number {
  const characters = marbles.trim().indexOf('|');
  if (characters < 0) {
    throw new AgentError(
      'bad-option',
      `time('${marbles}') needs a '|' at the time that is meant: time('---|') is 3.`,
    );
  }
  if (!hasTime(marbles)) return characters;
  return parseMarbles(marbles).find(({ notification }) => notification.kind === 'C')?.frame ?? characters;
}
