import { CronPattern } from 'croner';
import { AgentError } from '../../AgentError';
import { showValue } from '../../options/showValue';

interface Field {
  readonly name: string;
  /** What it may hold beside lists, ranges and steps. */
  readonly range: string;
}

const SECOND: Field = { name: 'second', range: 'from 0 to 59' };
const MINUTE: Field = { name: 'minute', range: 'from 0 to 59' };
const HOUR: Field = { name: 'hour', range: 'from 0 to 23' };
const DAY: Field = {
  name: 'day of month',
  range:
    'from 1 to 31, L for the last day, 15W for the weekday that is nearest to the 15th, LW for the last weekday',
};
const MONTH: Field = { name: 'month', range: 'from 1 to 12, or JAN to DEC' };
const WEEKDAY: Field = {
  name: 'day of week',
  range: 'from 0 to 7 (0 and 7 are Sunday), or SUN to SAT, 5L for the last Friday, 1#2 for the second Monday',
};
const YEAR: Field = { name: 'year', range: 'from 1 to 9999' };
const USUAL: readonly Field[] = [MINUTE, HOUR, DAY, MONTH, WEEKDAY];
const FIELDS: Readonly<Record<number, readonly Field[]>> = {
  5: USUAL,
  6: [SECOND, ...USUAL],
  7: [SECOND, ...USUAL, YEAR],
};

const NICKNAMES = 'the names are @yearly, @monthly, @weekly, @daily and @hourly';
const USAGE =
  "Give minute, hour, day of month, month, day of week: '30 4 * * 1-5' is 04:30 from Monday to Friday; " +
  'a sixth field in front is seconds, a seventh at the end the year.';

/** What croner says, in its own words, and what to say instead: it counts days and months from 0. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/From value is larger/, 'A range runs from the smaller to the larger: 22-23,0-5.'],
  [/stepping: 0|steps cannot be greater/, 'A step is at least 1, and no longer than the whole.'],
  [/stepping/, 'A step stands behind * or a range: */15, 10-50/20.'],
  [/LW can not be|L has to be/, 'L and LW stand for themselves.'],
  [/stand alone/, 'A name stands for itself, or at the end of a range: MON-FRI.'],
  [/empty/, 'Nothing is missing between commas.'],
];

/** What is wrong with an expression that croner cannot read. */
export function unreadableCron(expression: unknown, cause: unknown): AgentError {
  const fault = typeof expression === 'string' ? faultOf(expression) : '';
  return new AgentError('bad-cron', `${showValue(expression)} is no cron expression${fault}. ${USAGE}`, {
    cause,
  });
}

/** An expression that can be read, and of which no day ever comes. */
export function emptyCron(expression: string): AgentError {
  const parts = partsOf(expression);
  const limits = (FIELDS[parts.length] ?? [])
    .map((field, index) => ({ field, part: parts[index] ?? '' }))
    .filter(({ field, part }) => isLimit(field, part))
    .map(({ field, part }) => `${field.name} ${part}`);
  const message = `${showValue(expression)} never comes: no day of the calendar has ${limits.join(' and ')}.`;
  return new AgentError('bad-cron', message);
}

/** Whether a field says which days there are. A day of week without a plus only adds some. */
function isLimit(field: Field, part: string): boolean {
  if (field === WEEKDAY) return part.startsWith('+');
  return [DAY, MONTH, YEAR].includes(field) && !/^[*?]$/.test(part);
}

function faultOf(expression: string): string {
  const parts = partsOf(expression);
  const fields = FIELDS[parts.length];
  if (fields === undefined)
    return expression.includes('@') ? `: ${NICKNAMES}` : `: it has ${countOf(parts.length)}`;
  for (const [index, field] of fields.entries()) {
    const part = parts[index] ?? '';
    const reason = refusalOf(part, index, parts.length);
    if (reason === undefined) continue;
    // Of a list, the one that is wrong by itself.
    const wrong = part.split(',').find((item) => refusalOf(item, index, parts.length) !== undefined) ?? part;
    const hint = REASONS.find(([pattern]) => pattern.test(reason))?.[1] ?? '';
    return `: its ${field.name} has ${showValue(wrong)}, and may have ${field.range}. ${hint}`
      .trimEnd()
      .replace(/\.$/, '');
  }
  return '';
}

/** Why croner refuses a field, when all others hold whatever they may. */
function refusalOf(part: string, index: number, count: number): string | undefined {
  const others = Array.from({ length: count }, (_, other) => (other === index ? part : '*'));
  try {
    new CronPattern(others.join(' '));
    return undefined;
  } catch (error) {
    return part === '' ? 'empty' : (error as Error).message;
  }
}

function partsOf(expression: string): readonly string[] {
  return expression.match(/\S+/g) ?? [];
}

function countOf(parts: number): string {
  return parts === 1 ? 'one field' : `${parts === 0 ? 'no' : parts} fields`;
}
