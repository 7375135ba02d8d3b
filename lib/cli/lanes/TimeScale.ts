import { formatMs } from '../../time/spans/duration';

const [SECOND, MINUTE, HOUR, DAY] = [1000, 60_000, 3_600_000, 86_400_000];
/** What a column may stand for, so that its instants are round numbers. */
const STEPS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 30].map((count) => count * MINUTE),
  ...[1, 2, 6, 12].map((count) => count * HOUR),
  ...[1, 7, 28, 364, 3640].map((count) => count * DAY),
];

/** Where nothing happens for so many columns the axis is cut, but for those that are left to see that nothing does. */
const CUT_FROM = 16;
const KEPT = 10;
/** Stands for a cut among the columns. */
export const CUT = -1;
/** How far apart the labels of the axis are. */
const LABEL_EVERY = 10;

/**
 * A time axis in columns of one step each, which is cut where nothing happens:
 * ```
 * 0s        1s        //1m30s     1m31s
 * ```
 */
export class TimeScale {
  /** What each column of the drawing stands for: the number of its step, or a cut. */
  readonly columns: readonly number[];
  private readonly places: ReadonlyMap<number, number>;

  /**
   * @param instants when something happens, in ms from the start of the trace
   * @param origin where the axis begins
   */
  constructor(
    instants: readonly number[],
    readonly step: number,
    origin: number,
  ) {
    this.columns = columnsOf(instants, step, origin);
    this.places = new Map(this.columns.map((column, place) => [column, place]));
  }

  /** The finest scale on which all fits into so many columns. */
  static fitting(instants: readonly number[], width: number, origin: number): TimeScale {
    for (const step of STEPS) {
      const scale = new TimeScale(instants, step, origin);
      if (scale.columns.length <= width) return scale;
    }
    return new TimeScale(instants, STEPS[STEPS.length - 1] ?? DAY, origin);
  }

  /** Where in the drawing something is that happens at an instant. */
  placeOf(instant: number): number | undefined {
    return this.places.get(Math.floor(instant / this.step));
  }

  /** The axis for a part of the drawing. */
  labels(from: number, to: number): string {
    let text = '';
    for (let place = from; place < to; place++) {
      // A label of the one before takes this place.
      if (text.length > place - from) continue;
      text = text.padEnd(place - from) + this.labelAt(place, place === from);
    }
    return text.trimEnd();
  }

  /** A label stands where a part of the axis begins, and at round instants, if it does not run into a cut. */
  private labelAt(place: number, isFirst: boolean): string {
    const { columns, step } = this;
    const column = columns[place] ?? 0;
    if (column === CUT) return '/';
    if (!isFirst && columns[place - 1] !== CUT && column % LABEL_EVERY !== 0) return '';
    const label = `${formatMs(column * step)} `;
    return columns.slice(place, place + label.length).includes(CUT) ? '' : label;
  }
}

function columnsOf(instants: readonly number[], step: number, origin: number): number[] {
  const occupied = [...new Set(instants.map((instant) => Math.floor(instant / step)))].sort(
    (one, other) => one - other,
  );
  const columns: number[] = [];
  let last = Math.floor(origin / step) - 1;
  for (const column of occupied) {
    const isCut = column - last > CUT_FROM;
    for (let idle = last + 1; idle < (isCut ? last + 1 + KEPT : column); idle++) columns.push(idle);
    if (isCut) columns.push(CUT, CUT);
    columns.push(column);
    last = column;
  }
  return columns;
}
