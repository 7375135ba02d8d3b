import { CONTEXT_TYPE } from '../../time/present/Context';
import { type AsyncKind, kindOf } from './asyncTypes';
import type { Resource } from './requestState';
import { offBetweenTests } from './switches';

/** Is told of what Node's `async_hooks` show. */
export interface AsyncListener {
  /** Something has been made, by or for whoever runs now. */
  made(kind: AsyncKind, id: number, type: string, trigger: number, resource: Resource): void;
  /** It is called back. */
  calledBack(id: number): void;
}

interface AsyncHooks {
  readonly AsyncResource: new (type: string) => object;
  createHook(callbacks: {
    init?(id: number, type: string, trigger: number, resource: Resource): void;
    before?(id: number): void;
    readonly trackPromises: boolean;
  }): { enable(): unknown; disable(): unknown };
}

interface HostProcess {
  readonly process?: {
    readonly versions?: Partial<Record<string, string>>;
    getBuiltinModule?(name: string): AsyncHooks | undefined;
  };
}

const { process } = globalThis as HostProcess;
// Others have the module, too, and show nothing in it.
const isNode = process?.versions?.['bun'] === undefined && process?.versions?.['deno'] === undefined;
const hooks = isNode ? process?.getBuiltinModule?.('node:async_hooks') : undefined;

/** Marble tests take turns, so there is one at most. */
let listener: AsyncListener | undefined;
let isDeaf = false;

// Where this is known, a promise costs nothing more; where it is not, an await costs twice as much.
const trackPromises = false;

const hook = hooks?.createHook({
  init: (id, type, trigger, resource) => {
    // Of ten that are made nine are promises, if the host shows them at all, and most others are the kit's own contexts.
    if (type === 'PROMISE' || type === CONTEXT_TYPE || isDeaf) return;
    const kind = kindOf(type);
    if (kind === 'nothing' || listener === undefined || isMadeByScript(resource)) return;
    callbacks?.enable();
    listener.made(kind, id, type, trigger, resource);
  },
  trackPromises,
});

/** It is told of each promise, too, and so only used from when something may be called back: see bench `virtualTime`. */
const callbacks = hooks?.createHook({
  before: (id) => {
    listener?.calledBack(id);
  },
  trackPromises,
});

/** Whether the host shows anything. */
export const isHookable = hook !== undefined;

offBetweenTests(() => hook?.disable());

export function listenByHook(by: AsyncListener): void {
  listener = by;
  hook?.enable();
}

export function endHook(): void {
  listener = undefined;
  callbacks?.disable();
}

/** Calls somebody who makes what nobody is to be told of. */
export function unheard(work: () => void): void {
  isDeaf = true;
  work();
  isDeaf = false;
}

/** Whether it is an `AsyncResource`, which says where a callback belongs, and nothing of work. */
function isMadeByScript(resource: Resource): boolean {
  return hooks !== undefined && resource instanceof hooks.AsyncResource;
}
