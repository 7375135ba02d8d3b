/** The taken places at the front are given back when there are this many, and more of them than of the others. */
const SLACK = 64;

/** A queue with a constant cost for each value, however many wait. */
export class Backlog<T> {
  private values: (T | undefined)[] = [];
  private first = 0;

  get size(): number {
    return this.values.length - this.first;
  }

  push(value: T): void {
    this.values.push(value);
  }

  /** Takes the value that has waited longest; there has to be one. */
  shift(): T {
    const value = this.values[this.first] as T;
    this.values[this.first++] = undefined;
    if (this.size === 0) this.clear();
    else if (this.first >= SLACK && this.first * 2 > this.values.length) this.trim();
    return value;
  }

  clear(): void {
    this.values.length = 0;
    this.first = 0;
  }

  private trim(): void {
    this.values = this.values.slice(this.first);
    this.first = 0;
  }
}
