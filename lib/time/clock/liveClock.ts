import { checkOptions, optionTable } from '../../options/checkOptions';
import { aNumber } from '../../options/checks';
import type { Clock, Wake } from './Clock';
import { captureContext, runIn } from '../present/Context';
import { heldBy, timersWithoutClock } from './foreignFakeTimers';
import { isTimeHeld } from './heldTime';
import { markOwnClock } from './ownClocks';
import { isSpanHeld, SpanSource } from './SpanSource';

export interface LiveClockOptions {
  /** How many ms agents see in one real ms. Default 1; with 60 they see a minute in each second. */
  readonly speed?: number;
  /**
   * The instant at which agents and the machine have seen the same time, in ms since the epoch. What outlives its
   * process at another speed needs it to be the same one in each life. Default when the clock is made.
   */
  readonly since?: number;
}

const LIVE_CLOCK = optionTable<LiveClockOptions>({
  speed: aNumber((speed) => speed > 0 && speed < Infinity, 'a number above 0, such as 60'),
  since: aNumber(Number.isFinite, 'an instant, in ms since the epoch'),
});

/**
 * No single wait is longer than this many real ms. A host's timers overflow at 2^31-1 ms and fire at once,
 * and a machine that sleeps, or whose wall clock is set, is noticed at the next wake-up.
 */
const LONGEST_WAIT = 60_000;

/**
 * The clock of the machine: monotonic for spans, the wall clock for calendars.
 * The host's timers are read when they are used, so that a test which replaces them is obeyed: under the fake timers
 * of Jest, Vitest, sinon or `node:test` agents see what these show. The clock does not go back by that.
 *
 * @throws AgentError `bad-option` if the speed is not a positive number; its `wakeAt` throws `foreign-fake-timers`
 *   under a tool that holds the timers but neither `Date` nor `performance.now`.
 */
export function liveClock(options?: LiveClockOptions): Clock {
  checkOptions('liveClock', LIVE_CLOCK, options);
  const clock = new LiveClock(options?.speed ?? 1, options?.since);
  markOwnClock(clock);
  return clock;
}

class LiveClock implements Clock {
  private readonly since: number;
  /** What agents saw when the clock was made. */
  private readonly start: number;
  private readonly span = new SpanSource();
  /** Whoever calls the wake-ups: the host, or a tool that holds its timers. */
  private holder = setTimeout;
  /** Where the clock was made: to a marble test it belongs to the test, or not, by this; and wake-ups come there. */
  private readonly home = captureContext();
  private readonly wakes = new Set<HostWake>();

  constructor(
    private readonly speed: number,
    since: number | undefined,
  ) {
    const wall = Date.now();
    this.since = since ?? wall;
    this.start = this.since + (wall - this.since) * speed;
  }

  now(): number {
    if (setTimeout !== this.holder) this.changeHolder();
    const passed = isTimeHeld() ? runIn(this.home, () => this.span.read()) : this.span.read();
    return this.start + passed * this.speed;
  }

  wallNow(): number {
    const now = isTimeHeld() ? runIn(this.home, Date.now) : Date.now();
    return this.since + (now - this.since) * this.speed;
  }

  wakeAt(at: number, wake: () => void): Wake {
    const wait = (at - this.now()) / this.speed;
    const tool = isTimeHeld() ? heldBy() : undefined;
    if (tool !== undefined && !isSpanHeld()) throw timersWithoutClock(tool);
    return runIn(this.home, () => new HostWake(this.wakes, wake, wait));
  }

  cancel(wake: Wake): void {
    (wake as HostWake).cancel();
  }

  /** What one holder was to call it calls too late by the time of the other one, or never. */
  private changeHolder(): void {
    this.holder = setTimeout;
    runIn(this.home, () => {
      for (const wake of this.wakes) wake.hurry();
    });
  }
}

class HostWake {
  private disarm: Cancel;

  /** @param all the wake-ups that are to come, of which this is one */
  constructor(
    private readonly all: Set<HostWake>,
    private readonly wake: () => void,
    wait: number,
  ) {
    all.add(this);
    this.disarm = wait <= 0 ? soon(this.come) : later(this.come, Math.min(Math.ceil(wait), LONGEST_WAIT));
  }

  hurry(): void {
    this.disarm();
    this.disarm = soon(this.come);
  }

  cancel(): void {
    this.all.delete(this);
    this.disarm();
  }

  private readonly come = (): void => {
    this.all.delete(this);
    this.wake();
  };
}

type Cancel = () => void;

/** What has armed a timer clears it, too, whoever may hold the timers by then. */
function later(wake: () => void, span: number): Cancel {
  const { clearTimeout } = globalThis;
  const timer = setTimeout(wake, span);
  return () => {
    clearTimeout(timer);
  };
}

/** Browsers have no `setImmediate`; there the shortest timer has to do. */
function soon(wake: () => void): Cancel {
  const { setImmediate, clearImmediate } = globalThis as Partial<HostImmediates>;
  if (setImmediate === undefined || clearImmediate === undefined) return later(wake, 0);
  const immediate = setImmediate(wake);
  return () => {
    clearImmediate(immediate);
  };
}

interface HostImmediates {
  setImmediate(callback: () => void): unknown;
  clearImmediate(immediate: unknown): void;
}
