import type { ReportInterval } from './protocol/report';

/** What has been measured, for as long back as it could be asked for. */
export class History {
  private samples: ReportInterval[] = [];

  /** @param duration how long a sample is kept, in ms */
  constructor(private readonly duration: number) {}

  add(sample: ReportInterval & { readonly start: number }): void {
    const oldest = sample.start - this.duration;
    this.samples = this.samples.filter(({ start = -Infinity }) => start >= oldest);
    this.samples.push(sample);
  }

  /**
   * The samples behind one instant and up to another, of some points, at most one for each granularity; 0 for all.
   * Instants are ms since the epoch.
   */
  between(
    { behind, upTo }: { readonly behind: number; readonly upTo: number },
    rIds: readonly string[],
    granularity: number,
  ): readonly ReportInterval[] {
    let next = -Infinity;
    return this.samples.flatMap(({ start = 0, payloads }) => {
      const wanted = payloads.filter(({ rId }) => rIds.includes(rId));
      if (start <= behind || start > upTo || start < next || wanted.length === 0) return [];
      next = start + granularity;
      return [{ start, payloads: wanted }];
    });
  }
}
