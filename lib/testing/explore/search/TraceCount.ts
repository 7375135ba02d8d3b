/** Up to so many are counted one by one. */
const MOST_KEPT = 8192;
/** Odd, so that it goes by all bits of a number. */
const FACTOR = 3;

/**
 * Counts how many different numbers there are among many, in a bounded space: beyond some thousands it keeps one of
 * three, then one of nine, and so on (adaptive sampling, by Wegman), and gives an estimate.
 */
export class TraceCount {
  private kept = new Set<number>();
  private share = 1;

  add(hash: number): void {
    if (hash % this.share !== 0) return;
    this.kept.add(hash);
    while (this.kept.size > MOST_KEPT) {
      this.share *= FACTOR;
      this.kept = new Set([...this.kept].filter((one) => one % this.share === 0));
    }
  }

  get count(): number {
    return this.kept.size * this.share;
  }
}
