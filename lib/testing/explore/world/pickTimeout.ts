import type { Choices } from '../../../time/choices/Choices';
import type { TimeoutPlace } from '../../../time/virtual/VirtualTimeouts';
import { OrderChoice } from './orderChoices';

/**
 * Chooses who of several plain timers of one instant is called. Immediates go before all others, and those that were
 * set at one instant in their order, as on any host.
 */
export function pickTimeout(choices: Choices, due: readonly TimeoutPlace[]): TimeoutPlace | undefined {
  const [first] = due;
  if (first === undefined || first.lane === 'immediate') return first;
  const rivals: TimeoutPlace[] = [];
  for (const place of due)
    if (!rivals.some(({ timeout }) => timeout.delay === place.timeout.delay)) rivals.push(place);
  if (rivals.length === 1) return first;
  const tasks = rivals.map((task) => ({ task, lane: task.timeout }));
  return rivals[choices.choose(rivals.length, new OrderChoice(tasks))];
}
