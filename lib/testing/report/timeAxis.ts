import { formatMs } from '../../time/spans/duration';

/** One row under a time axis: what is to be seen at which frame, and what fills the space up to the next. */
export interface AxisRow {
  readonly label: string;
  readonly marks: ReadonlyMap<number, string>;
  /** What fills the space after a frame. Default `-`. */
  readonly fill?: (frame: number) => string;
}

/**
 * Draws rows under one another on one axis, on which each frame that any of them names has a column:
 * ```
 * time      4s  4s250ms
 * expected  a----
 * actual    ----a
 * ```
 */
export function drawOnAxis(rows: readonly AxisRow[]): string[] {
  const frames = [...new Set(rows.flatMap(({ marks }) => [...marks.keys()]))].sort(
    (one, other) => one - other,
  );
  const labels = ['time', ...rows.map(({ label }) => label)];
  const margin = Math.max(...labels.map((label) => label.length)) + 2;
  // The last column ends with its marks, so that nothing seems to follow a completion.
  const widths = frames.map((frame, column) => {
    const widest = Math.max(1, ...rows.map(({ marks }) => (marks.get(frame) ?? '').length));
    return column === frames.length - 1 ? widest : Math.max(formatMs(frame).length, widest) + 2;
  });
  const time = frames.map((frame, column) => formatMs(frame).padEnd(widths[column] ?? 0)).join('');
  const lines = rows.map(({ label, marks, fill }) => {
    const cells = frames.map((frame, column) => {
      const mark = marks.get(frame) ?? fill?.(frame) ?? '-';
      return mark.padEnd(widths[column] ?? 0, fill?.(frame) ?? '-');
    });
    return label.padEnd(margin) + cells.join('');
  });
  return ['time'.padEnd(margin) + time.trimEnd(), ...lines];
}
