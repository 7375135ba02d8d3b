import type { Row, Target } from './BenchCase';
import { median } from './measure';
import type { Round } from './runCase';

/** A line of the result. In `ratio`, `floor` and `aim` more is better, and it is ok when the floor is reached. */
export interface Verdict {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly ratio: number | null;
  /** What the ratio is to: a rival, or the bound that is the floor. */
  readonly versus: string;
  readonly floor: number | null;
  readonly aim: number | null;
  readonly ok: boolean;
  /** The rival's value, where there is a rival. */
  readonly rival: number | null;
}

/** Holds the medians of all rounds against a row's target. */
export function judge({ name, figure, unit, per, target }: Row, rounds: readonly Round[]): Verdict {
  const of = (side: string) => rounds.map((round) => (round[side]?.[figure] ?? NaN) / per);
  const kit = of('kit');
  const value = median(kit);
  const rivals = target.rival === undefined ? [] : of(target.rival);
  const base = {
    name,
    value: rounded(value),
    unit,
    rival: rivals.length > 0 ? rounded(median(rivals)) : null,
  };
  switch (target.kind) {
    case 'none':
      return { ...base, ratio: null, versus: target.rival ?? '–', floor: null, aim: null, ok: true };
    case 'less-than': {
      const { rival: versus, floor, aim } = target;
      // Each kit's figure against its own neighbour's: what the machine did meanwhile was much the same.
      const ratio = rounded(median(rivals.map((rival, round) => rival / (kit[round] ?? NaN))));
      return { ...base, ratio, versus, floor, aim, ok: ratio >= floor };
    }
    case 'at-most': {
      const ratio = rounded(target.floor / value);
      const aim = rounded(target.floor / target.aim);
      return { ...base, ratio, versus: boundOf(target, unit), floor: 1, aim, ok: value <= target.floor };
    }
    case 'at-least': {
      const ratio = rounded(value / target.floor);
      const aim = rounded(target.aim / target.floor);
      return { ...base, ratio, versus: boundOf(target, unit), floor: 1, aim, ok: value >= target.floor };
    }
  }
}

/** A row that could not be measured. */
export function unmeasured({ name, unit, target }: Row): Verdict {
  const versus = target.rival ?? boundOf(target, unit);
  return { name, value: NaN, unit, ratio: null, versus, floor: null, aim: null, ok: false, rival: null };
}

function boundOf(target: Target, unit: string): string {
  if (target.kind === 'at-most') return `≤ ${target.floor} ${unit}`;
  return target.kind === 'at-least' ? `≥ ${target.floor} ${unit}` : '–';
}

/** Three digits: nothing here is known better. */
function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
