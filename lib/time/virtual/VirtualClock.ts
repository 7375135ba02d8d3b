import type { Clock, Wake } from '../clock/Clock';
import { type Duration, toMs } from '../spans/duration';
import { TimerQueue } from '../queue/TimerQueue';

/** A clock that stands still until it is told to go on, from one armed instant to the next. */
export class VirtualClock implements Clock {
  private readonly wakes = new TimerQueue<VirtualWake>();
  private instant: number;
  private wallOffset = 0;
  /** Of several who are to be woken at one instant, says which one is. Default whoever was there first. */
  pick: ((count: number) => number) | undefined;

  /** @param start the first instant, in ms since the epoch */
  constructor(readonly start = 0) {
    this.instant = start;
  }

  now(): number {
    return this.instant;
  }

  wallNow(): number {
    return this.instant + this.wallOffset;
  }

  wakeAt(at: number, wake: () => void): Wake {
    const armed: VirtualWake = { wake, slot: -1 };
    armed.slot = this.wakes.add(Math.max(at, this.instant), armed);
    return armed;
  }

  cancel(wake: Wake): void {
    const armed = wake as VirtualWake;
    if (armed.slot === -1) return;
    this.wakes.remove(armed.slot);
    armed.slot = -1;
  }

  /** The next instant at which somebody is to be woken, or Infinity. */
  get nextWake(): number {
    return this.wakes.nextDue();
  }

  /** Goes on to an instant, if it has not passed, and wakes the first who is to be woken by then. */
  advanceTo(instant: number): void {
    this.instant = Math.max(this.instant, instant);
    const earliest = this.wakes.nextDue();
    const first = this.wakes.take(this.instant);
    if (first === undefined) return;
    first.slot = -1;
    this.chosen(first, earliest).wake();
  }

  private chosen(first: VirtualWake, due: number): VirtualWake {
    const { pick, wakes } = this;
    if (pick === undefined) return first;
    const others = [...wakes.armed()].filter((other) => other.due === due).map(({ owner }) => owner);
    const other = others.length === 0 ? undefined : others[pick(others.length + 1) - 1];
    if (other === undefined) return first;
    wakes.remove(other.slot);
    other.slot = -1;
    first.slot = wakes.add(due, first);
    return other;
  }

  /** Goes back by so many ms, for what is to happen before the start. */
  rewindBy(ms: number): void {
    this.instant -= ms;
  }

  /** Lets time pass in which nobody is woken, as when the machine stalls or sleeps. */
  stall(duration: Duration): void {
    this.instant += toMs(duration);
  }

  /** Sets the wall clock forward, or back by a negative number of ms. Whoever is to be woken is woken now, to see it. */
  setWallBy(ms: number): void {
    this.wallOffset += ms;
    for (const { owner } of [...this.wakes.armed()]) this.wakes.move(owner.slot, this.instant);
  }
}

interface VirtualWake {
  readonly wake: () => void;
  slot: number;
}
