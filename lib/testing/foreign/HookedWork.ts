import { type AsyncListener, endHook, isHookable, listenByHook } from './asyncHook';
import type { AsyncKind } from './asyncTypes';
import type { HostWork } from './HostWork';
import { Blobs } from './Blobs';
import { type Request, type Resource, stateOf } from './requestState';
import { Streams } from './Streams';
import type { NativeStream } from './StreamRecord';
import type { TestContext } from '../session/TestContext';

/** How many requests are kept before those that have ended are looked for. */
const SMALLEST_SWEEP = 256;

/** What Node's `async_hooks` show: each request when it is made, and again when its answer comes. */
export class HookedWork implements HostWork, AsyncListener {
  readonly tells = true;
  progress = 0;
  private readonly requests = new Map<number, Request>();
  private readonly zlibs = new Map<number, WeakRef<Resource>>();
  private readonly blobs = new Blobs();
  /** What may call back often. */
  private readonly callers = new Set<number>();
  private readonly servers = new Set<number>();
  /** The streams that its servers have accepted. */
  private readonly accepts = new Set<number>();
  private readonly handles = new Map<number, Resource>();
  private readonly processes = new Set<number>();
  private readonly accepted = new WeakSet<Resource>();
  private readonly streams = new Streams();
  private sweepAt = SMALLEST_SWEEP;
  private tracked = 0;
  private seenProgress = 0;
  private isQuiet = true;
  /** Whether a server of somebody else in this process goes on with what the test has asked it. */
  private isServing = false;

  /** One of a test that has begun nothing foreign, and is as it was made: there is much in it to be made. */
  private static spare: HookedWork | undefined;
  private isUnused = true;

  /** Where the host does not tell, there is none. */
  static make(context: TestContext): HookedWork | undefined {
    if (!isHookable) return undefined;
    const { spare } = this;
    if (spare === undefined) return new HookedWork(context);
    this.spare = undefined;
    spare.context = context;
    return spare;
  }

  private constructor(private context: TestContext) {}

  begin(): void {
    this.streams.begin();
    listenByHook(this);
  }

  end(): void {
    endHook();
    if (this.isUnused && this.streams.areNone) HookedWork.spare = this;
  }

  made(kind: AsyncKind, id: number, type: string, trigger: number, resource: Resource): void {
    this.isUnused = false;
    const isOurs = this.context.isCurrent();
    if (kind === 'server') {
      if (isOurs) this.servers.add(id);
      this.streams.addServer(id, resource as NativeStream);
    } else if (kind === 'stream') {
      const isAccepted = this.servers.has(trigger);
      if (isAccepted) this.accepts.add(id);
      if (isOurs || isAccepted) this.callers.add(id);
      this.streams.add(resource as NativeStream, trigger, isOurs || isAccepted);
    } else if (isOurs || this.isServing || this.streams.areServed()) {
      if (type === 'PIPECONNECTWRAP') this.streams.connect(trigger);
      if (type === 'BLOBREADER') {
        this.blobs.add(id);
        this.callers.add(id);
      }
      this.blobs.note(id, type, resource);
      this.keep(kind, id, { kind, type, resource, isOurs });
    } else {
      this.blobs.note(id, type, resource);
    }
  }

  calledBack(id: number): void {
    const request = this.requests.get(id);
    if (request !== undefined) {
      this.requests.delete(id);
      if (!request.isOurs) this.isServing = true;
    } else if (!this.callers.has(id)) {
      return;
    }
    // What a server accepts has no context of its own in the beginning.
    if (this.accepts.has(id)) this.context.enter();
    this.blobs.calledBack(id);
    // What goes on elsewhere is held for, but not over and over.
    if (request?.isOurs !== false) this.progress++;
  }

  track(promise: PromiseLike<unknown>): void {
    if (!this.context.isCurrent()) return;
    this.isUnused = false;
    const id = --this.tracked;
    const end = (): void => {
      this.calledBack(id);
    };
    this.requests.set(id, { kind: 'request', type: 'promise', resource: {}, isOurs: true });
    promise.then(end, end);
  }

  look(): void {
    this.isServing = false;
    if (this.streams.look()) this.progress++;
    this.isQuiet = this.progress === this.seenProgress;
    this.seenProgress = this.progress;
  }

  isUnderWay(): boolean {
    // What has come may go on by ways of the host's own, which take a turn.
    if (!this.isQuiet || this.streams.areMoving() || this.blobs.areRead()) return true;
    for (const [id, request] of this.requests) {
      const state = stateOf(request);
      if (state === 'running') return true;
      if (state === 'ended') this.requests.delete(id);
    }
    for (const zlib of this.zlibs.values()) if (isWriting(zlib.deref())) return true;
    return false;
  }

  isAsking(): boolean {
    if (this.streams.areAsking()) return true;
    for (const id of this.processes) if (this.isHandleOpen(id)) return true;
    return false;
  }

  isOpen(): boolean {
    if (this.streams.areOpen()) return true;
    for (const id of this.handles.keys()) if (this.isHandleOpen(id)) return true;
    return false;
  }

  isAskingItself(): boolean {
    return this.streams.areAskingThemselves();
  }

  externalBegins(): void {
    this.streams.mark();
  }

  accept(which: 'all' | 'lasting'): void {
    this.streams.accept(which);
    if (which === 'lasting') return;
    this.requests.clear();
    this.blobs.accept();
    this.zlibs.clear();
    for (const resource of this.handles.values()) this.accepted.add(resource);
  }

  private isHandleOpen(id: number): boolean {
    const resource = this.handles.get(id);
    const isReferenced = resource?.hasRef?.();
    if (isReferenced === undefined || isReferenced === null) {
      this.handles.delete(id);
      this.processes.delete(id);
    }
    return isReferenced === true && resource !== undefined && !this.accepted.has(resource);
  }

  private keep(kind: AsyncKind, id: number, request: Request): void {
    const { resource, isOurs } = request;
    const isRepeated = kind === 'timer' && typeof resource._repeat === 'number';
    if (this.requests.size + this.zlibs.size >= this.sweepAt) this.sweep();
    if (kind !== 'zlib' && kind !== 'handle' && !isRepeated) {
      this.requests.set(id, request);
      return;
    }
    if (isOurs) this.callers.add(id);
    if (kind === 'zlib') this.zlibs.set(id, new WeakRef(resource));
    else if (isOurs) this.handles.set(id, resource);
    if (isOurs && request.type === 'PROCESSWRAP') this.processes.add(id);
  }

  private sweep(): void {
    for (const [id, request] of this.requests) if (stateOf(request) === 'ended') this.requests.delete(id);
    for (const [id, zlib] of this.zlibs) if (zlib.deref() === undefined) this.zlibs.delete(id);
    this.sweepAt = Math.max(SMALLEST_SWEEP, 2 * (this.requests.size + this.zlibs.size));
  }
}

function isWriting(zlib: Resource | undefined): boolean {
  return zlib?.buffer !== undefined && zlib.buffer !== null;
}
