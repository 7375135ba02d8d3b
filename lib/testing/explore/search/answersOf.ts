import type { Choice } from '../../../time/choices/Choices';

/** Up to so many answers are all looked at. */
const FEW = 8;

/** The answers but 0 that are worth a look: all, or of many those that are likely to matter, and the last one. */
export function answersOf(n: number, what: Choice | string): readonly number[] {
  if (n <= FEW) return Array.from({ length: n - 1 }, (_, at) => at + 1);
  const hints = typeof what === 'string' ? [] : (what.hints?.() ?? []);
  return [...new Set([...hints, n - 1])].sort((one, other) => one - other);
}
