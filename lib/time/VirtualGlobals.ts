import type { Clock } from './Clock';
import { VirtualTimeout, type VirtualTimeouts } from './VirtualTimeouts';

/** Runs a callback when the page is painted; see `animate` of the marble test. */
export interface Painter {
  requestAnimationFrame(callback: FrameRequestCallback): number;
  cancelAnimationFrame(handle: number): void;
}

type Globals = Record<string, unknown>;
type Callback = (...args: unknown[]) => void;

/**
 * Puts virtual time in the place of the host's timers, `Date`, `performance.now` and animation frames, and takes
 * it away again, leaving each of them exactly as it was found: with its own descriptor, or not there at all.
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
    const clear = (handle: unknown): void => {
      this.clear(handle);
    };
    this.replace(host, 'setTimeout', (callback: Callback, delay = 0, ...args: unknown[]) =>
      this.set('timeout', callback, delay, args),
    );
    this.replace(host, 'setInterval', (callback: Callback, delay = 0, ...args: unknown[]) =>
      this.set('interval', callback, delay, args),
    );
    this.replace(host, 'clearTimeout', clear);
    this.replace(host, 'clearInterval', clear);
    if ('setImmediate' in host) {
      this.replace(host, 'setImmediate', (callback: Callback, ...args: unknown[]) =>
        this.set('immediate', callback, 0, args),
      );
      this.replace(host, 'clearImmediate', clear);
    }
    if ('requestAnimationFrame' in host) {
      this.replace(host, 'requestAnimationFrame', this.painter.requestAnimationFrame);
      this.replace(host, 'cancelAnimationFrame', this.painter.cancelAnimationFrame);
    }
    this.replace(host, 'Date', virtualDate(this.clock));
    this.replace(performance as unknown as Globals, 'now', () => this.clock.now() - start);
  }

  restore(): void {
    for (const restore of this.restorers.splice(0).reverse()) restore();
  }

  private replace(owner: Globals, name: string, value: unknown): void {
    const original = Object.getOwnPropertyDescriptor(owner, name);
    Object.defineProperty(owner, name, {
      value,
      configurable: true,
      writable: true,
      enumerable: original?.enumerable ?? false,
    });
    this.restorers.push(() => {
      if (original === undefined) Reflect.deleteProperty(owner, name);
      else Object.defineProperty(owner, name, original);
    });
  }

  private set(
    lane: VirtualTimeout['lane'],
    callback: Callback,
    delay: number,
    args: readonly unknown[],
  ): unknown {
    if (typeof callback !== 'function')
      throw new TypeError(`A timer's callback has to be a function, not ${typeof callback}.`);
    const timeout = this.timeouts.set(
      lane,
      () => {
        callback(...args);
      },
      delay,
    );
    if (!this.usesNumbers) return timeout;
    this.numbered.set(timeout.id, timeout);
    return timeout.id;
  }

  private clear(handle: unknown): void {
    if (handle instanceof VirtualTimeout) handle.clear();
    else this.numbered.get(Number(handle))?.clear();
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
