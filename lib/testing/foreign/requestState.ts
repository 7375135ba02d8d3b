import type { AsyncKind } from './asyncTypes';

/** What is looked at of a resource, some of which only some have. */
export interface Resource {
  hasRef?(): boolean | null | undefined;
  /** A job of `node:crypto` is given it if it is done beside, and not at once. */
  readonly ondone?: unknown;
  /** A request of `fs` has it, but for those that are made within a blob. */
  readonly oncomplete?: unknown;
  /** What a zlib writes, as long as it does. */
  readonly buffer?: unknown;
  /** Of a timer and an immediate. */
  readonly _destroyed?: boolean;
  readonly _repeat?: number | null;
}

export interface Request {
  readonly kind: AsyncKind;
  readonly type: string;
  readonly resource: Resource;
  /** Whether the test has begun it, or else a server that it has asked. */
  readonly isOurs: boolean;
}

/** A request that will never be called back has `ended`; an `idle` one may be under way later. */
export type RequestState = 'running' | 'idle' | 'ended';

/** The types whose requests are given what is to be called, if anything is. */
const CALLING = ['REQUEST', 'FSREQCALLBACK'];

/** Says of a request that has not been called back whether it is under way. */
export function stateOf({ kind, type, resource }: Request): RequestState {
  if (resource._destroyed === true) return 'ended';
  if (kind === 'timer') return resource.hasRef?.() === true ? 'running' : 'idle';
  return isUncalled(type, resource) ? 'ended' : 'running';
}

function isUncalled(type: string, { ondone, oncomplete }: Resource): boolean {
  return ondone === undefined && oncomplete === undefined && CALLING.some((end) => type.endsWith(end));
}
