interface HostProcess {
  readonly process?: { getBuiltinModule?(name: string): unknown };
  readonly gc?: () => void;
}

interface V8 {
  setFlagsFromString(flags: string): void;
}

interface Vm {
  runInNewContext(code: string): unknown;
}

const { process, gc } = globalThis as HostProcess;

let collect: (() => void) | undefined = gc;
let isSought = gc !== undefined;

/** The host's garbage collection, where it can be called. */
function findCollection(): (() => void) | undefined {
  if (isSought) return collect;
  isSought = true;
  try {
    const v8 = process?.getBuiltinModule?.('node:v8') as V8 | undefined;
    const vm = process?.getBuiltinModule?.('node:vm') as Vm | undefined;
    v8?.setFlagsFromString('--expose-gc');
    const found = vm?.runInNewContext('gc');
    v8?.setFlagsFromString('--no-expose-gc');
    if (typeof found === 'function') collect = found as () => void;
  } catch {
    // A host that does not let it be called has others ways to come to an end.
  }
  return collect;
}

/**
 * Tells of a promise whether anything is left that could ever settle it. Whatever could holds on to it, be it a
 * subscription, a timer or the host itself: a pending promise that the garbage collection takes is waited for in vain.
 */
export class Reachable {
  private readonly ref: WeakRef<Promise<unknown>>;

  /** @param promise one that this object does not keep */
  constructor(promise: Promise<unknown>) {
    this.ref = new WeakRef(promise);
  }

  /** Lets the garbage be collected, and says whether the promise was among it. Never, where that cannot be called. */
  seekLost(): boolean {
    findCollection()?.();
    return this.ref.deref() === undefined;
  }
}
