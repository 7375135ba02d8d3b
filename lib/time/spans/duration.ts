import { AgentError } from '../../AgentError';
import type { Check } from '../../options/checkOptions';
import { showValue } from '../../options/showValue';

/**
 * A span of time: a number of milliseconds, or a text of amounts and units (`ms`, `s`, `m`, `h`, `d`), each unit
 * once at most, largest first or not: `250`, `'3s'`, `'1m30s'`, `'1.5h'`, `'30d'`.
 */
export type Duration = number | string;

const MS_PER_UNIT: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const WHOLE = /^\s*(?:\d+(?:\.\d+)?\s*(?:ms|s|m|h|d)\s*)+$/;
const PART = /(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)/g;

/**
 * Reads a {@link Duration} as milliseconds.
 *
 * @throws AgentError `bad-duration` if it is negative, NaN, infinite, or a text that is no duration.
 */
export function toMs(duration: Duration): number {
  const ms = typeof duration === 'string' ? parse(duration) : duration;
  if (typeof ms === 'number' && ms >= 0 && ms < Infinity) return ms;
  throw refusal(duration);
}

/** Of an option: a {@link Duration}. */
export const aDuration: Check = (given, owner, option) => {
  if (!isDuration(given)) throw refusal(given, `${owner}: ${option}: `);
};

/** Of an option: a {@link Duration} that is longer than nothing. */
export const aSpan: Check = (given, owner, option) => {
  if (!isDuration(given)) throw refusal(given, `${owner}: ${option}: `);
  toPositiveMs(given, `${owner}: ${option}`);
};

function isDuration(given: unknown): given is Duration {
  const ms = typeof given === 'string' ? parse(given) : given;
  return typeof ms === 'number' && ms >= 0 && ms < Infinity;
}

/**
 * Reads a {@link Duration} that has to be longer than nothing, such as a period.
 *
 * @throws AgentError `bad-duration`, also for zero.
 */
export function toPositiveMs(duration: Duration, what: string): number {
  const ms = toMs(duration);
  if (ms > 0) return ms;
  throw new AgentError(
    'bad-duration',
    `${what} has to be longer than ${JSON.stringify(duration)}: write '1s', say.`,
  );
}

/** Writes milliseconds as people do: `250ms`, `3s`, `1m30s`, `2d4h`. */
export function formatMs(ms: number): string {
  if (ms < 0) return `-${formatMs(-ms)}`;
  let rest = toMicroseconds(ms);
  if (!(rest >= 1000 && rest < Infinity)) return `${rest}ms`;
  let text = '';
  for (const unit of ['d', 'h', 'm', 's', 'ms']) {
    const size = MS_PER_UNIT[unit] ?? 1;
    const amount = unit === 'ms' ? toMicroseconds(rest) : Math.floor(rest / size);
    if (amount > 0) text += `${amount}${unit}`;
    rest -= amount * size;
  }
  return text;
}

/** The texts that have been read: most of them stand in code that runs over and over. */
const known = new Map<string, number>();
const MOST_KNOWN = 256;
const LONGEST_KNOWN = 32;

function parse(text: string): number {
  const before = known.get(text);
  if (before !== undefined) return before;
  const ms = read(text);
  if (text.length > LONGEST_KNOWN) return ms;
  if (known.size === MOST_KNOWN) known.clear();
  known.set(text, ms);
  return ms;
}

/** What a text says, or NaN if it is no duration. */
function read(text: string): number {
  if (!WHOLE.test(text)) return NaN;
  let ms = 0;
  let units = '';
  for (const [, amount, unit = ''] of text.matchAll(PART)) {
    // Twice the same unit is a slip of the pen, and whoever reads on takes one amount for the other.
    if (units.includes(`,${unit},`)) return NaN;
    units += `,${unit},`;
    ms += Number(amount) * (MS_PER_UNIT[unit] ?? NaN);
  }
  // 1.001 s would be 1000.9999999999999 ms.
  return Number.isInteger(ms) ? ms : Number(ms.toPrecision(15));
}

function toMicroseconds(ms: number): number {
  return Number(ms.toFixed(3));
}

function refusal(given: unknown, where = ''): AgentError {
  const hint = typeof given === 'string' && WHOLE.test(given) ? ' Each unit may be in it once.' : '';
  return new AgentError(
    'bad-duration',
    `${where}${textOf(given)} is no duration. Give milliseconds (250) or amounts with units ms, s, m, h, d ('3s', '1m30s'), not negative.${hint}`,
  );
}

function textOf(given: unknown): string {
  if (typeof given === 'string') return JSON.stringify(given);
  if (typeof given === 'function') return showValue(given);
  try {
    return String(given);
  } catch {
    return Object.prototype.toString.call(given);
  }
}
