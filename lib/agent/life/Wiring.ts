import { isObservable, type Observable } from 'rxjs';
import type { OnThrow } from '../../trace/IsolatingObservable';
import { notAnObservable, notARecord } from '../agentErrors';
import type { AgentScope } from './AgentScope';
import type { Streams } from '../definition/defineAgent';
import { StreamSubscriber } from './StreamSubscriber';

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
   * @param before is called when `streams` can be listened to, before any of them is subscribed
   * @throws AgentError `bad-definition` or `not-an-observable`, before any of them is subscribed
   */
  connect(scope: AgentScope, streams: Streams, before: () => void): void {
    if (!isRecord(streams)) throw notARecord(this.agent, streams);
    const named = Object.entries(streams);
    for (const [name, stream] of named)
      if (!isObservable(stream)) throw notAnObservable(this.agent, name, stream);
    const subscribers = named.map(([name]) => this.takeOver(scope, name));
    if (this.shared !== undefined) this.show(this.shared);
    before();
    for (const subscriber of subscribers) {
      const { present } = scope;
      const around = present.enter(present.rank, subscriber);
      try {
        streams[subscriber.stream]?.subscribe(subscriber);
      } finally {
        present.leave(around);
      }
    }
  }

  disconnect(): void {
    for (const subscriber of this.subscribers) subscriber.unsubscribe();
  }

  /** Nothing comes any more. */
  complete(): void {
    for (const subscriber of this.subscribers) subscriber.completeIfOver();
  }

  /** A stream of a former life hands what it has shown on to the one of its name in this life. */
  private takeOver(scope: AgentScope, name: string): StreamSubscriber {
    const former = this.subscribers.findIndex(({ stream }) => stream === name);
    const subscriber = new StreamSubscriber(scope, name, this.onThrow, this.subscribers[former]?.outlet);
    this.subscribers[former < 0 ? this.subscribers.length : former] = subscriber;
    return subscriber;
  }

  private show(shared: Record<string, Observable<unknown>>): Record<string, Observable<unknown>> {
    for (const { stream, $ } of this.subscribers) shared[stream] = $;
    return shared;
  }
}

function isRecord(given: unknown): given is object {
  if (typeof given !== 'object' || given === null || isObservable(given) || Symbol.iterator in given)
    return false;
  return typeof (given as Partial<PromiseLike<unknown>>).then !== 'function';
}
