/** When a report is sampled and sent. All spans are in ms and count from the beginning of its interval. */
export interface Rhythm {
  /** From one sample to the next; 0 for one with each report. */
  readonly granularity: number;
  /** From one report to the next; 0 for a single one, at the end. */
  readonly reportBack: number;
  /** How long it is reported for; Infinity for as long as nobody cancels it. */
  readonly length: number;
}

/** An instant of a rhythm. A sample comes before the report that it belongs to. */
export interface Mark {
  readonly at: number;
  readonly isSample: boolean;
  readonly isReport: boolean;
  readonly isLast: boolean;
}

/**
 * The first mark behind an instant: what has been missed by then is left out. The end is a mark, too.
 * ```
 * granularity 2, reportBack 5, length 11   --s-s-(r)s-s-(sr)(end: r)
 * ```
 */
export function markBehind({ granularity, reportBack, length }: Rhythm, instant: number): Mark {
  const sample = granularity > 0 ? nextOf(granularity, instant) : Infinity;
  const report = reportBack > 0 ? nextOf(reportBack, instant) : Infinity;
  const at = Math.min(sample, report, length);
  return {
    at,
    isSample: granularity === 0 || at === sample,
    isReport: at === report || at === length,
    isLast: at === length,
  };
}

function nextOf(period: number, instant: number): number {
  return (Math.floor(instant / period) + 1) * period;
}
