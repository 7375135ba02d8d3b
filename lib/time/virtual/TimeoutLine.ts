/** Of what is due at one instant, immediates go first, then intervals, then timeouts, as in RxJS's `TestScheduler`. */
export type Lane = 'immediate' | 'interval' | 'timeout';

export interface Place {
  /** Numbers the timers as they were created. */
  readonly id: number;
  readonly lane: Lane;
  /** Whether its timer is still to be called; set to false by whoever takes it out. */
  isWaiting: boolean;
}

/** Those who are to be called at one instant: by lane, and within a lane in the order of their creation. */
export class TimeoutLine<P extends Place> {
  private readonly lanes = { immediate: new Queue<P>(), interval: new Queue<P>(), timeout: new Queue<P>() };
  private waiting = 0;

  get isEmpty(): boolean {
    return this.waiting === 0;
  }

  add(place: P): void {
    this.waiting++;
    this.lanes[place.lane].add(place);
  }

  /** Takes note that one has been taken out. */
  remove({ lane }: P): void {
    if (--this.waiting === 0) this.clear();
    else this.lanes[lane].noteGone();
  }

  /** Those who are to be called, in their order. */
  *inOrder(): IterableIterator<P> {
    for (const lane of Object.values(this.lanes)) yield* lane.inOrder();
  }

  /** Takes out one that is to be called. */
  take(place: P): void {
    place.isWaiting = false;
    this.remove(place);
  }

  takeFirst(): P | undefined {
    const { immediate, interval, timeout } = this.lanes;
    const first = immediate.take() ?? interval.take() ?? timeout.take();
    if (first !== undefined && --this.waiting === 0) this.clear();
    return first;
  }

  private clear(): void {
    this.lanes.immediate.clear();
    this.lanes.interval.clear();
    this.lanes.timeout.clear();
  }
}

/** Below this many places those that are gone are left for their turn. */
const SMALLEST_COMPACTION = 64;

class Queue<P extends Place> {
  private places: P[] = [];
  private head = 0;
  private gone = 0;

  /** Only an interval that comes again is older than those who came before it. */
  add(place: P): void {
    const { places } = this;
    let at = places.length;
    while (at > this.head && (places[at - 1]?.id ?? 0) > place.id) at--;
    if (at === places.length) places.push(place);
    else places.splice(at, 0, place);
  }

  noteGone(): void {
    this.gone++;
    if (this.places.length < SMALLEST_COMPACTION || this.gone * 2 < this.places.length) return;
    this.places = this.places.slice(this.head).filter(({ isWaiting }) => isWaiting);
    this.head = 0;
    this.gone = 0;
  }

  *inOrder(): IterableIterator<P> {
    for (let at = this.head; at < this.places.length; at++) {
      const place = this.places[at];
      if (place?.isWaiting === true) yield place;
    }
  }

  take(): P | undefined {
    while (this.head < this.places.length) {
      const isLast = this.head + 1 === this.places.length;
      const first = isLast ? this.places.pop() : this.places[this.head++];
      if (first?.isWaiting !== true) continue;
      first.isWaiting = false;
      return first;
    }
    return undefined;
  }

  clear(): void {
    if (this.head > 0 || this.places.length > 0) this.places = [];
    this.head = 0;
    this.gone = 0;
  }
}
