import { VIRTUAL } from '../clock/heldTime';
import { type Replaced, Replacement } from './Replacement';
import type { Lane } from './TimeoutLine';
import type { TimeOfCaller, VirtualTime } from './VirtualTime';
import { VirtualTimeout } from './VirtualTimeouts';

type Callback = (...args: unknown[]) => void;
type Clear = (handle: unknown) => void;
type Arm = (...args: unknown[]) => unknown;
type Promised = Arm & { readonly [PROMISIFIED]?: Arm };

/** Under this name Node keeps what `util.promisify` makes of a function. */
const PROMISIFIED = Symbol.for('nodejs.util.promisify.custom');

const TIMERS = [
  ['timeout', 'setTimeout', 'clearTimeout'],
  ['interval', 'setInterval', 'clearInterval'],
  ['immediate', 'setImmediate', 'clearImmediate'],
] as const;

/** The functions by which timers are armed and cleared, as far as the host has them. */
export function virtualTimers(timeOfCaller: TimeOfCaller): readonly Replaced[] {
  const host = globalThis as unknown as Record<string, unknown>;
  const handles = new Handles();
  return [
    handles,
    ...TIMERS.filter(([, set]) => set in host).flatMap(([lane, set, clear]) => [
      new Replacement<Promised>(host, set, (theirs) => arming(lane, theirs, timeOfCaller, handles)),
      new Replacement<Clear>(host, clear, (theirs) => clearing(theirs, handles)),
    ]),
  ];
}

/** By what timers are known to those who clear them: a host whose timers are numbers gets numbers. */
class Handles implements Replaced {
  private readonly numbered = new Map<number, VirtualTimeout>();
  private readonly areNumbers: boolean;

  constructor() {
    const probe: unknown = setTimeout(() => undefined, 0);
    clearTimeout(probe as number);
    this.areNumbers = typeof probe === 'number';
  }

  give(timeout: VirtualTimeout): unknown {
    if (!this.areNumbers) return timeout;
    this.numbered.set(timeout.id, timeout);
    return timeout.id;
  }

  find(handle: unknown): VirtualTimeout | undefined {
    return handle instanceof VirtualTimeout ? handle : this.numbered.get(Number(handle));
  }

  put(): void {
    // There are none yet.
  }

  restore(): void {
    this.numbered.clear();
  }
}

function arming(lane: Lane, theirs: Promised, timeOfCaller: TimeOfCaller, handles: Handles): Promised {
  const isImmediate = lane === 'immediate';
  const set = (time: VirtualTime, callback: unknown, rest: readonly unknown[]): unknown => {
    if (typeof callback !== 'function')
      throw new TypeError(`A timer's callback has to be a function, not ${typeof callback}.`);
    const args = isImmediate ? rest : rest.slice(1);
    const call = (): void => {
      (callback as Callback)(...args);
    };
    return handles.give(time.timeouts.set(lane, call, isImmediate ? 0 : Number(rest[0])));
  };
  return Object.assign(
    (...args: unknown[]) => {
      const time = timeOfCaller();
      return time === undefined ? theirs.apply(globalThis, args) : set(time, args[0], args.slice(1));
    },
    {
      [VIRTUAL]: () => timeOfCaller()?.timeouts.scheduler,
      /** Takes the arguments behind the callback. */
      [PROMISIFIED]: (...rest: unknown[]) => {
        const time = timeOfCaller();
        if (time !== undefined) return new Promise((resolve) => set(time, resolve, rest));
        const own = theirs[PROMISIFIED];
        if (own !== undefined) return own.apply(globalThis, rest);
        return new Promise((resolve) => theirs.call(globalThis, resolve, ...rest));
      },
    },
  );
}

/** Whoever clears it, a timer is cleared by whoever has armed it: before the test or outside of it, that is the host. */
function clearing(theirs: Clear, handles: Handles): Clear {
  return (handle) => {
    const timeout = handles.find(handle);
    if (timeout === undefined) theirs(handle);
    else timeout.clear();
  };
}
