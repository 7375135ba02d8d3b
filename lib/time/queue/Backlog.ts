/** The taken places at the front are given back when there are this many, and more of them than of the others. */
const SLACK = 64;
/** An empty queue keeps room for so many: most are empty over and over, and to make room anew is dear. */
const ROOM = 128;

/** A queue with a constant cost for each value, however many wait. */
export class Backlog<T> {
  private values: (T | undefined)[] = [];
  private start = 0;
  /** Behind the last one. */
  private end = 0;

  get size(): number {
    return this.end - this.start;
  }

  /** The value that has waited longest; there has to be one. */
  get first(): T {
    return this.values[this.start] as T;
  }

  push(value: T): void {
    this.values[this.end++] = value;
  }

  /** Takes the first value; there has to be one. */
  shift(): T {
    const value = this.values[this.start] as T;
    this.values[this.start++] = undefined;
    if (this.size === 0) this.clear();
    else if (this.start >= SLACK && this.start * 2 > this.end) this.trim();
    return value;
  }

  private clear(): void {
    if (this.values.length > ROOM) this.values = [];
    this.start = this.end = 0;
  }

  private trim(): void {
    this.values = this.values.slice(this.start, this.end);
    this.end -= this.start;
    this.start = 0;
  }
}
