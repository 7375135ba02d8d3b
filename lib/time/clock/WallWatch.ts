import type { Clock } from './Clock';

/** A difference below this many ms is a clock being slewed into step; the timers notice that by themselves. */
const SMALLEST_STEP = 500;

/** Notices that the wall clock has been set, by its distance to the monotonic one. */
export class WallWatch {
  private readonly listeners = new Set<() => void>();
  private offset = 0;

  /** @param onError is told what a listener throws; the others are called all the same */
  constructor(
    private readonly clock: Clock,
    private readonly onError: (error: unknown) => void,
  ) {}

  add(listener: () => void): () => void {
    if (this.listeners.size === 0) this.offset = this.readOffset();
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  look(): void {
    if (this.listeners.size === 0) return;
    const offset = this.readOffset();
    if (Math.abs(offset - this.offset) < SMALLEST_STEP) return;
    this.offset = offset;
    for (const listener of [...this.listeners]) {
      try {
        listener();
      } catch (error) {
        this.onError(error);
      }
    }
  }

  private readOffset(): number {
    return this.clock.wallNow() - this.clock.now();
  }
}
