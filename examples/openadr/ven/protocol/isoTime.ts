import { ProtocolError } from './ProtocolError';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const DURATION =
  /^([+-])?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
/** A year and a month have no fixed length; these are the nominal ones. */
const UNITS = [365 * DAY, 30 * DAY, 7 * DAY, DAY, HOUR, MINUTE, SECOND];

/** Instants that are reckoned with such spans stay on the calendar. */
const LONGEST = 1000 * 365 * DAY;

/**
 * Reads a duration of ISO 8601 as ms: `PT15M`, `P1DT12H`, `-PT5M`. A year counts 365 days, a month 30.
 *
 * @throws ProtocolError
 */
export function parseIsoDuration(text: string): number {
  const [whole, sign, ...amounts]: readonly (string | undefined)[] = DURATION.exec(text) ?? [];
  if (whole === undefined || amounts.every((amount) => amount === undefined)) {
    throw new ProtocolError(`"${text}" is no duration such as PT15M`);
  }
  const ms = amounts.reduce((sum, amount, index) => sum + Number(amount ?? 0) * (UNITS[index] ?? 0), 0);
  if (ms > LONGEST) throw new ProtocolError(`"${text.slice(0, 40)}" is longer than 1000 years`);
  return sign === '-' ? 0 - Math.round(ms) : Math.round(ms);
}

/** Writes ms as a duration of ISO 8601 in whole seconds: the schema knows no parts of them. */
export function formatIsoDuration(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / SECOND);
  if (seconds === 0) return 'PT0S';
  const [days, hours, minutes, rest] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
    seconds % 60,
  ];
  const part = (amount: number, unit: string): string => (amount === 0 ? '' : `${amount}${unit}`);
  const time = part(hours, 'H') + part(minutes, 'M') + part(rest, 'S');
  return `${ms < 0 ? '-' : ''}P${part(days, 'D')}${time === '' ? '' : `T${time}`}`;
}

const DATE_TIME = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(\.\d*)?(Z|[+-]\d{2}:\d{2})?$/;

/**
 * Reads a date and time as ms since the epoch. Without a zone it is UTC, as the standard has it.
 *
 * @throws ProtocolError
 */
export function parseDateTime(text: string): number {
  const [, toSecond, fraction = '', zone = 'Z'] = DATE_TIME.exec(text) ?? [];
  const instant = toSecond === undefined ? NaN : Date.parse(`${toSecond}${zone}`);
  const isOfCalendar =
    toSecond !== undefined &&
    Number(toSecond.slice(8, 10)) === new Date(Date.parse(`${toSecond}Z`)).getUTCDate();
  if (!Number.isFinite(instant) || !isOfCalendar)
    throw new ProtocolError(`"${text}" is no date and time such as 2026-01-31T08:00:00Z`);
  return instant + Math.trunc(Number(`0${fraction}0`) * SECOND);
}

/** Writes ms since the epoch as a date and time in UTC. */
export function formatDateTime(instant: number): string {
  return new Date(instant).toISOString();
}
