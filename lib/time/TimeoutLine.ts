/** Of what is due at one instant, immediates go first, then intervals, then timeouts, as in RxJS's `TestScheduler`; */
export type Lane = 'immediate' | 'interval' | 'timeout';

/** and of one kind, what was created first. */
interface InLine {
  readonly id: number;
  readonly lane: Lane;
  readonly isWaiting: boolean;
}

/** Those who are to be called at one instant. */
export class TimeoutLine<T extends InLine> {
  private readonly immediates = new FirstCreated<T>();
  private readonly intervals = new FirstCreated<T>();
  private readonly timeouts = new FirstCreated<T>();
  private size = 0;

  get isEmpty(): boolean {
    return this.size === 0;
  }

  add(one: T): void {
    this.size++;
    this.of(one).add(one);
  }

  /** Takes note that one does not wait any more; it is passed over when its turn comes. */
  remove(one: T): void {
    this.size--;
    this.of(one).forget(one);
  }

  takeFirst(): T | undefined {
    const first = this.immediates.take() ?? this.intervals.take() ?? this.timeouts.take();
    if (first !== undefined) this.size--;
    return first;
  }

  private of({ lane }: T): FirstCreated<T> {
    return lane === 'immediate' ? this.immediates : lane === 'interval' ? this.intervals : this.timeouts;
  }
}

/** Gives those of one kind in the order of their creation, which is nearly always the order in which they come. */
class FirstCreated<T extends InLine> {
  private ones: T[] = [];
  private head = 0;

  add(one: T): void {
    const { ones } = this;
    let at = ones.length;
    while (at > this.head && ones[at - 1]!.id > one.id) at--;
    if (at === ones.length) ones.push(one);
    else ones.splice(at, 0, one);
  }

  forget(one: T): void {
    const at = this.ones.indexOf(one, this.head);
    if (at === this.head) this.behead();
    else if (at === this.ones.length - 1) this.ones.pop();
  }

  take(): T | undefined {
    while (this.head < this.ones.length) {
      const first = this.behead();
      if (first.isWaiting) return first;
    }
    return undefined;
  }

  private behead(): T {
    const first = this.ones[this.head++]!;
    if (this.head === this.ones.length) {
      this.ones = [];
      this.head = 0;
    }
    return first;
  }
}
