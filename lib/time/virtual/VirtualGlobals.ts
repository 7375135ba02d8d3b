import type { Clock } from '../clock/Clock';
import { VIRTUAL } from '../clock/heldTime';
import { replaceProperty } from './replaceProperty';
import { StandIn } from './StandIn';
import type { Lane } from './TimeoutLine';
import { virtualDate } from './virtualDate';
import { virtualReadings } from './virtualReadings';
import { VirtualTimeout, type VirtualTimeouts } from './VirtualTimeouts';

/** Runs a callback when the page is painted; see `animate` of the marble test. */
export interface Painter {
  readonly requestAnimationFrame: (callback: FrameRequestCallback) => number;
  readonly cancelAnimationFrame: (handle: number) => void;
}

type Globals = Record<string, unknown>;
type Callback = (...args: unknown[]) => void;
type Clear = (handle: unknown) => void;
type Arm = (this: unknown, ...args: unknown[]) => unknown;

/** Under this name Node keeps what `util.promisify` makes of a function. */
const PROMISIFIED = Symbol.for('nodejs.util.promisify.custom');

/**
 * Puts virtual time in the place of the host's timers, of `Date`, of what else reads the clock, and of animation frames, and takes
 * it away again, leaving each of them exactly as it was found. Meanwhile those who are outside, as far as the host
 * can tell them apart, get what was there before.
 */
export class VirtualGlobals {
  private readonly restorers: (() => void)[] = [];
  /** Hosts whose timers are numbers get numbers, which are looked up here. */
  private readonly numbered = new Map<number, VirtualTimeout>();
  private readonly usesNumbers: boolean;

  constructor(
    private readonly clock: Clock,
    private readonly timeouts: Pick<VirtualTimeouts, 'set' | 'scheduler'>,
    private readonly painter: Painter,
    private readonly isInside: () => boolean,
  ) {
    const probe: unknown = setTimeout(() => undefined, 0);
    clearTimeout(probe as number);
    this.usesNumbers = typeof probe === 'number';
  }

  install(): void {
    const host = globalThis as unknown as Globals;
    const { painter, isInside } = this;
    const start = this.clock.now();
    for (const [lane, set, clear] of [
      ['timeout', 'setTimeout', 'clearTimeout'],
      ['interval', 'setInterval', 'clearInterval'],
      ['immediate', 'setImmediate', 'clearImmediate'],
    ] as const) {
      if (!(set in host)) continue;
      this.standIn(set, this.arming(lane, host[set] as Arm), [VIRTUAL, PROMISIFIED]);
      this.standIn(clear, this.clearing(host[clear] as Clear));
    }
    if ('requestAnimationFrame' in host) {
      for (const name of ['requestAnimationFrame', 'cancelAnimationFrame'] as const)
        this.standIn(name, this.divide(painter[name] as Arm, host[name] as Arm));
    }
    const { virtual, restore } = virtualDate(this.clock, isInside);
    this.restorers.push(
      restore,
      // For those outside it is their own in all but identity.
      replaceProperty(Date.prototype, 'constructor', virtual),
      ...virtualReadings(this.clock, isInside),
    );
    this.replace(host, 'Date', virtual);
    this.replace(
      performance,
      'now',
      // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on its owner
      this.divide(() => this.clock.now() - start, performance.now, performance),
    );
  }

  /** Forgets the timers of a test that is over. */
  forget(): void {
    this.numbered.clear();
  }

  restore(): void {
    for (const restore of this.restorers.splice(0).reverse()) restore();
  }

  private standIn(name: string, ours: Arm, symbols: readonly symbol[] = []): void {
    const host = globalThis as unknown as Globals;
    const theirs = host[name] as Arm;
    const standIn = StandIn.of(name, theirs, symbols);
    this.restorers.push(standIn.become(ours, theirs));
    this.replace(host, name, standIn.call);
  }

  private replace(owner: object, name: string, value: unknown): void {
    this.restorers.push(replaceProperty(owner, name, value));
  }

  private divide(ours: Arm, theirs: Arm, owner: object = globalThis): Arm {
    return (...args) => (this.isInside() ? ours(...args) : theirs.apply(owner, args));
  }

  private arming(lane: Lane, original: Arm): Arm {
    const set = (callback: unknown, delay: unknown, ...args: unknown[]): unknown =>
      this.set(lane, callback, Number(delay), args);
    const ours: Arm =
      lane === 'immediate'
        ? (callback, ...args) => set(callback, 0, ...args)
        : (...args) => set(...(args as [unknown, unknown]));
    const promised: Arm =
      lane === 'immediate'
        ? (value) => new Promise((resolve) => set(resolve, 0, value))
        : (delay, value) => new Promise((resolve) => set(resolve, delay, value));
    const theirs = (original as { [PROMISIFIED]?: Arm })[PROMISIFIED];
    return Object.assign(this.divide(ours, original), {
      [VIRTUAL]: () => (this.isInside() ? this.timeouts.scheduler : undefined),
      [PROMISIFIED]: theirs === undefined ? promised : this.divide(promised, theirs),
    });
  }

  private set(lane: Lane, callback: unknown, delay: number, args: readonly unknown[]): unknown {
    if (typeof callback !== 'function')
      throw new TypeError(`A timer's callback has to be a function, not ${typeof callback}.`);
    const call = (): void => {
      (callback as Callback)(...args);
    };
    const timeout = this.timeouts.set(lane, call, delay);
    if (!this.usesNumbers) return timeout;
    this.numbered.set(timeout.id, timeout);
    return timeout.id;
  }

  /** Whoever clears it, a timer is cleared by whoever has armed it: before the test or outside of it, that is the host. */
  private clearing(original: Clear): Clear {
    return (handle) => {
      if (handle instanceof VirtualTimeout) {
        handle.clear();
        return;
      }
      const numbered = this.numbered.get(Number(handle));
      if (numbered === undefined) original(handle);
      else numbered.clear();
    };
  }
}
