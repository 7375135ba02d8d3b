import type { Verdict } from './judge';

const COLUMNS = ['row', 'value', 'against', 'ratio', 'floor', 'aim', ''] as const;
const WIDTHS = [89, 15, 32, 7, 7, 7, 6];

export function heading(): string {
  return line(COLUMNS);
}

/** A verdict as people read it. */
export function tableLine(verdict: Verdict): string {
  const { name, value, unit, versus, rival, ratio, floor, aim, ok } = verdict;
  const against = rival === null ? versus : `${versus}: ${shown(rival)} ${unit}`;
  const judged = floor === null ? '' : ok ? 'ok' : 'MISSED';
  return line([name, `${shown(value)} ${unit}`, against, times(ratio), times(floor), times(aim), judged]);
}

/** A verdict as programs read it. */
export function jsonLine({ name, value, unit, ratio, versus, floor, aim, ok, rival }: Verdict): string {
  return JSON.stringify({ name, value, unit, ratio, versus, floor, aim, ok, rival });
}

function line(cells: readonly string[]): string {
  return cells
    .map((cell, column) => (column === 0 ? cell.padEnd(WIDTHS[0] ?? 0) : cell.padStart(WIDTHS[column] ?? 0)))
    .join(' ')
    .trimEnd();
}

function times(ratio: number | null): string {
  return ratio === null ? '' : `${shown(ratio)}×`;
}

function shown(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 3 });
}
