import { isObservable, type Observable } from 'rxjs';
import type { Deviations } from '../../time/choices/Deviations';
import type { Present } from '../../time/present/Present';
import type { OnThrow } from '../../trace/IsolatingObservable';
import { notAnObservable, notARecord } from '../agentErrors';
import type { Streams } from '../definition/defineAgent';
import { type StreamOwner, StreamSubscriber } from './StreamSubscriber';

/** The life whose streams are to be subscribed. */
export interface WiredLife extends StreamOwner {
  /** `streams` can be listened to, before any of them is subscribed. */
  streamsAreThere(): void;
  /** The agent's part of the scheduler. */
  readonly scope: StreamOwner['scope'] & {
    readonly present: Present;
    readonly deviations: Deviations | undefined;
  };
}

/** An agent's streams, each subscribed once in each life; what others see of them is shared, and outlasts the life. */
export class Wiring {
  private readonly subscribers: StreamSubscriber[] = [];
  private shared: Record<string, Observable<unknown>> | undefined;

  constructor(
    private readonly agent: string,
    private readonly onThrow: OnThrow,
  ) {}

  /** What the streams emit, for all who want it. */
  get streams(): Streams {
    return (this.shared ??= this.show({}));
  }

  /**
   * Subscribes to the streams in the order in which they are written.
   *
   * @throws AgentError `bad-definition` or `not-an-observable`, before any of them is subscribed
   */
  connect(life: WiredLife, streams: unknown): void {
    if (!isRecord(streams)) throw notARecord(this.agent, streams);
    // Each is read once: it may be a getter.
    const sources: [string, unknown][] = Object.entries(streams);
    for (const [name, stream] of sources)
      if (!isObservable(stream)) throw notAnObservable(this.agent, name, stream);
    const former = new Map(this.subscribers.map(({ stream }, index) => [stream, index]));
    const subscribers = sources.map(([name]) => this.takeOver(life, name, former.get(name)));
    if (this.shared !== undefined) this.show(this.shared);
    life.streamsAreThere();
    const { present, deviations } = life.scope;
    for (const [index, subscriber] of subscribers.entries()) {
      const { rank: outerRank, worker: outer } = present;
      present.become(present.rank, subscriber);
      try {
        const source$ = sources[index]?.[1] as Observable<unknown>;
        (deviations?.stream(source$, this.agent, subscriber.stream) ?? source$).subscribe(subscriber);
      } finally {
        present.become(outerRank, outer);
      }
    }
  }

  /** Shows what another one has shown, to those who have subscribed to that. */
  inherit(former: Wiring): void {
    this.subscribers.push(...former.subscribers);
    this.shared = former.shared;
  }

  disconnect(): void {
    for (const subscriber of this.subscribers) subscriber.unsubscribe();
  }

  /** Nothing comes any more. */
  complete(): void {
    for (const subscriber of this.subscribers) subscriber.completeIfOver();
  }

  /** A stream of a former life hands what it has shown on to the one of its name in this life. */
  private takeOver(life: WiredLife, name: string, former = this.subscribers.length): StreamSubscriber {
    const subscriber = new StreamSubscriber(life, name, this.onThrow, this.subscribers[former]?.outlet);
    this.subscribers[former] = subscriber;
    return subscriber;
  }

  /** Each under its own name, whatever that is. */
  private show(shared: Record<string, Observable<unknown>>): Record<string, Observable<unknown>> {
    for (const { stream, $: value } of this.subscribers)
      Object.defineProperty(shared, stream, { value, enumerable: true, configurable: true, writable: true });
    return shared;
  }
}

function isRecord(given: unknown): given is object {
  if (typeof given !== 'object' || given === null || isObservable(given) || Symbol.iterator in given)
    return false;
  return typeof (given as Partial<PromiseLike<unknown>>).then !== 'function';
}
