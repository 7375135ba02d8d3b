import type { Choice } from '../../../time/choices/Choices';

/** How often there is a choice of a kind in a run, on the average: by it a search spreads what is rare over a whole run. */
export class Statistics {
  private readonly counts = new Map<string, number>();
  private runs = 0;

  note(kind: string): void {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
  }

  runEnds(): void {
    this.runs++;
  }

  perRun(kind: string): number {
    return (this.counts.get(kind) ?? 0) / Math.max(1, this.runs);
  }
}

export function kindOf(what: Choice | string): string {
  return typeof what === 'string' ? what : what.kind;
}
