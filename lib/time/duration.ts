import { AgentError } from '../AgentError';

/**
 * A span of time: a number of milliseconds, or a text of amounts and units (`ms`, `s`, `m`, `h`, `d`),
 * largest first or not: `250`, `'3s'`, `'1m30s'`, `'1.5h'`, `'30d'`.
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

/** What a text says, or NaN if it is no duration. */
function parse(text: string): number {
  if (!WHOLE.test(text)) return NaN;
  let ms = 0;
  for (const [, amount, unit] of text.matchAll(PART)) ms += Number(amount) * (MS_PER_UNIT[unit ?? ''] ?? NaN);
  // 1.001 s would be 1000.9999999999999 ms.
  return Number.isInteger(ms) ? ms : Number(ms.toPrecision(15));
}

function toMicroseconds(ms: number): number {
  return Number(ms.toFixed(3));
}

function refusal(given: unknown): AgentError {
  const text = typeof given === 'string' ? JSON.stringify(given) : String(given);
  return new AgentError(
    'bad-duration',
    `${text} is no duration. Give milliseconds (250) or amounts with units ms, s, m, h, d ('3s', '1m30s'), not negative.`,
  );
}
