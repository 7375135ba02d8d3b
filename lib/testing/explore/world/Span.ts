import { badOption, type Check } from '../../../options/checkOptions';
import { type Duration, formatMs, toMs } from '../../../time/spans/duration';

/** From no time at all to a longest span: `'0..50ms'`, or `'50ms'` alone. */
export type Span = Duration;

const RANGE = /^\s*(.+?)\s*\.\.\s*(.+?)\s*$/;

/**
 * The longest of a span, in whole ms.
 *
 * @throws AgentError `bad-duration`, or `bad-option` where it does not begin at 0: the plain run is always among the runs
 */
export function longestOf(span: Span, owner: string, option: string): number {
  const [, from, to] = (typeof span === 'string' ? RANGE.exec(span) : undefined) ?? [];
  if (from === undefined || to === undefined) return Math.floor(toMs(span));
  if (from !== '0' && toMs(from) !== 0)
    throw badOption(owner, option, span, "has to begin at 0, which is what the plain run does: '0..50ms'");
  return Math.floor(toMs(to));
}

/** Of an option: a {@link Span}. */
export const aSpanFromZero: Check = (given, owner, option) => {
  if (typeof given !== 'string' && typeof given !== 'number')
    throw badOption(owner, option, given, "has to be a span that begins at 0, such as '0..50ms'");
  longestOf(given, owner, option);
};

/** An amount of lateness, as it is told. */
export function byMs(ms: number): string {
  return `${formatMs(ms)} later`;
}
