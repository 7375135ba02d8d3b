/* eslint-disable @typescript-eslint/no-deprecated --
   One object for the subscription and what it is shared by: agents have many of them. */
import type { Observable } from 'rxjs';
import { LeanSubscriber } from '../../time/LeanSubscriber';
import type { Worker } from '../../time/Present';
import type { OnThrow } from '../../trace/IsolatingObservable';
import { Outlet } from '../../trace/Outlet';

/** What an agent wants to know of its streams. */
export interface StreamOwner {
  /** Whether what the streams show goes on over their end, since they are to be made anew. */
  readonly goesOn: boolean;
  emitted(stream: string, value: unknown): void;
  streamFailed(stream: string, error: unknown): void;
  teardownFailed(stream: string, error: unknown): void;
}

/** An agent's one subscription to one of its streams; it hands the values on to all who want them. */
export class StreamSubscriber extends LeanSubscriber<unknown> implements Worker {
  moments: Worker['moments'];

  constructor(
    readonly owner: StreamOwner,
    readonly stream: string,
    private readonly onThrow: OnThrow,
    /** What the stream of the life before has been shown by, if anybody has asked for it. */
    public outlet: Outlet<unknown> | undefined,
  ) {
    super();
  }

  get $(): Observable<unknown> {
    this.outlet ??= new Outlet(this.onThrow);
    this.completeIfOver();
    return this.outlet.$;
  }

  protected override _next(value: unknown): void {
    this.outlet?.next(value);
    this.owner.emitted(this.stream, value);
  }

  protected override _error(error: unknown): void {
    this.unsubscribe();
    this.owner.streamFailed(this.stream, error);
  }

  protected override _complete(): void {
    this.unsubscribe();
  }

  override unsubscribe(): void {
    if (this.closed) return;
    try {
      super.unsubscribe();
    } catch (error) {
      this.owner.teardownFailed(this.stream, error);
    }
    this.completeIfOver();
  }

  completeIfOver(): void {
    if (this.closed && !this.owner.goesOn) this.outlet?.complete();
  }
}
