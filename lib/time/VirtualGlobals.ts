import type { Clock } from './Clock';
import { VIRTUAL } from './heldTime';
import { replaceProperty } from './replaceProperty';
import type { Lane } from './TimeoutLine';
import { VirtualTimeout, type VirtualTimeouts } from './VirtualTimeouts';

/** Runs a callback when the page is painted; see `animate` of the marble test. */
export interface Painter {
  readonly requestAnimationFrame: (callback: FrameRequestCallback) => number;
  readonly cancelAnimationFrame: (handle: number) => void;
}

type Globals = Record<string, unknown>;
type Callback = (...args: unknown[]) => void;
type Clear = (handle: unknown) => void;

/** Under this name Node keeps what `util.promisify` makes of a function. */
const PROMISIFIED = Symbol.for('nodejs.util.promisify.custom');

/**
 * Puts virtual time in the place of the host's timers, `Date`, `performance.now` and animation frames, and takes
 * it away again, leaving each of them exactly as it was found.
 */
export class VirtualGlobals {
  private readonly restorers: (() => void)[] = [];
  /** Hosts whose timers are numbers get numbers, which are looked up here. */
  private readonly numbered = new Map<number, VirtualTimeout>();
  private readonly usesNumbers: boolean;

  constructor(
    private readonly clock: Clock,
    private readonly timeouts: VirtualTimeouts,
    private readonly painter: Painter,
  ) {
    const probe: unknown = setTimeout(() => undefined, 0);
    clearTimeout(probe as number);
    this.usesNumbers = typeof probe === 'number';
  }

  install(): void {
    const host = globalThis as unknown as Globals;
    const start = this.clock.now();
    this.replace(host, 'setTimeout', this.delayed('timeout'));
    this.replace(host, 'clearTimeout', this.clearing(host['clearTimeout'] as Clear));
    this.replace(host, 'setInterval', this.delayed('interval'));
    this.replace(host, 'clearInterval', this.clearing(host['clearInterval'] as Clear));
    if ('setImmediate' in host) {
      this.replace(host, 'setImmediate', this.immediate());
      this.replace(host, 'clearImmediate', this.clearing(host['clearImmediate'] as Clear));
    }
    if ('requestAnimationFrame' in host) {
      this.replace(host, 'requestAnimationFrame', this.painter.requestAnimationFrame);
      this.replace(host, 'cancelAnimationFrame', this.painter.cancelAnimationFrame);
    }
    this.replace(host, 'Date', virtualDate(this.clock));
    this.replace(performance, 'now', () => this.clock.now() - start);
  }

  restore(): void {
    for (const restore of this.restorers.splice(0).reverse()) restore();
  }

  private replace(owner: object, name: string, value: unknown): void {
    this.restorers.push(replaceProperty(owner, name, value));
  }

  private delayed(lane: Lane) {
    return Object.assign(
      (callback: Callback, delay?: unknown, ...args: unknown[]) =>
        this.set(lane, callback, Number(delay), args),
      {
        [VIRTUAL]: true,
        [PROMISIFIED]: (delay?: unknown, value?: unknown) =>
          new Promise((resolve) => this.set(lane, resolve, Number(delay), [value])),
      },
    );
  }

  private immediate() {
    return Object.assign(
      (callback: Callback, ...args: unknown[]) => this.set('immediate', callback, 0, args),
      {
        [PROMISIFIED]: (value?: unknown) =>
          new Promise((resolve) => this.set('immediate', resolve, 0, [value])),
      },
    );
  }

  private set(lane: Lane, callback: Callback, delay: number, args: readonly unknown[]): unknown {
    if (typeof callback !== 'function')
      throw new TypeError(`A timer's callback has to be a function, not ${typeof callback}.`);
    const call = (): void => {
      callback(...args);
    };
    const timeout = this.timeouts.set(lane, call, delay);
    if (!this.usesNumbers) return timeout;
    this.numbered.set(timeout.id, timeout);
    return timeout.id;
  }

  /** What was armed before time became virtual is cleared by the host's own function. */
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

/** `Date` with another now; all else, `instanceof` included, is the host's own. */
function virtualDate(clock: Clock): DateConstructor {
  const wallNow = (): number => Math.floor(clock.wallNow());
  const virtual: DateConstructor = new Proxy(Date, {
    construct: (target, args: unknown[], newTarget) =>
      Reflect.construct(
        target,
        args.length === 0 ? [wallNow()] : args,
        newTarget === virtual ? target : newTarget,
      ) as Date,
    apply: (target) => new target(wallNow()).toString(),
    get: (target, key) => (key === 'now' ? wallNow : (Reflect.get(target, key) as unknown)),
  });
  return virtual;
}
