/* eslint-disable @typescript-eslint/no-deprecated --
   One object for the subscription and what it is shared by: agents have many of them. */
import type { Observable } from 'rxjs';
import { LeanSubscriber } from '../../time/operators/LeanSubscriber';
import type { Worker } from '../../time/present/Present';
import { guarded } from '../../trace/guarded';
import type { OnThrow } from '../../trace/IsolatingObservable';
import { Outlet } from '../../trace/Outlet';

/** Shows what comes of what is to be kept, when it is kept. */
export interface Showing {
  show(show: () => void): void;
}

/** What an agent wants to know of its streams. */
export interface StreamOwner {
  /** Whether what the streams show goes on over their end, since they are to be made anew. */
  readonly goesOn: boolean;
  /** The agent's part of the scheduler. */
  readonly scope: { readonly durableParts: Showing | undefined };
  emitted(stream: string, value: unknown): void;
  streamFailed(stream: string, error: unknown): void;
  teardownFailed(stream: string, error: unknown): void;
}

/** An agent's one subscription to one of its streams; it hands the values on to all who want them. */
export class StreamSubscriber extends LeanSubscriber<unknown> implements Worker {
  private isEmitting = false;
  /** What a value has led to from within, on this same stream: it comes behind that, for all who listen. */
  private waiting: unknown[] | undefined;

  constructor(
    private readonly life: StreamOwner,
    readonly stream: string,
    private readonly onThrow: OnThrow,
    /** What the stream of the life before has been shown by, if anybody has asked for it. */
    public outlet: Outlet<unknown> | undefined,
  ) {
    super();
    outlet?.reopen();
  }

  get owner(): object {
    return this.life.scope;
  }

  get $(): Observable<unknown> {
    this.outlet ??= new Outlet(this.onThrow);
    this.completeIfOver();
    return this.outlet.$;
  }

  protected override _next(value: unknown): void {
    if (this.isEmitting) {
      (this.waiting ??= []).push(value);
      return;
    }
    this.isEmitting = true;
    try {
      this.emit(value);
      for (let next = this.waiting; next !== undefined; next = this.waiting) {
        this.waiting = undefined;
        for (const later of next) this.emit(later);
      }
    } finally {
      this.isEmitting = false;
    }
    if (this.closed) this.completeIfOver();
  }

  protected override _error(error: unknown): void {
    this.unsubscribe();
    this.life.streamFailed(this.stream, error);
  }

  protected override _complete(): void {
    this.unsubscribe();
  }

  override unsubscribe(): void {
    if (this.closed) return;
    guarded(
      () => {
        super.unsubscribe();
      },
      (error) => {
        this.life.teardownFailed(this.stream, error);
      },
    );
    this.completeIfOver();
  }

  completeIfOver(): void {
    const { life, outlet } = this;
    if (outlet === undefined || !this.closed || this.isEmitting || life.goesOn) return;
    const { durableParts } = life.scope;
    if (durableParts === undefined) outlet.complete();
    else
      durableParts.show(() => {
        outlet.complete();
      });
  }

  private emit(value: unknown): void {
    const { durableParts } = this.life.scope;
    if (durableParts === undefined) this.show(value);
    else
      durableParts.show(() => {
        this.show(value);
      });
  }

  private show(value: unknown): void {
    this.outlet?.next(value);
    this.life.emitted(this.stream, value);
  }
}
