import { isObservable } from 'rxjs';
import type { OnThrow } from '../trace/IsolatingObservable';
import { notAnObservable, notARecord } from './agentErrors';
import type { AgentScope } from './AgentScope';
import type { Streams } from './defineAgent';
import { StreamSubscriber } from './StreamSubscriber';

/** An agent's streams, each subscribed once; what others see of them is shared. */
export class Wiring {
  private readonly subscribers: StreamSubscriber[] = [];
  private shared: Streams | undefined;

  constructor(
    private readonly scope: AgentScope,
    private readonly onThrow: OnThrow,
  ) {}

  /** What the streams emit, for all who want it. */
  get streams(): Streams {
    return (this.shared ??= Object.fromEntries(this.subscribers.map(({ stream, $ }) => [stream, $])));
  }

  /**
   * Subscribes to the streams in the order in which they are written.
   *
   * @param before is called when `streams` can be listened to, before any of them is subscribed
   * @throws AgentError `bad-definition` or `not-an-observable`, before any of them is subscribed
   */
  connect(streams: Streams, before: () => void): void {
    if (!isRecord(streams)) throw notARecord(this.scope.agent, streams);
    const named = Object.entries(streams);
    for (const [name, stream] of named)
      if (!isObservable(stream)) throw notAnObservable(this.scope.agent, name, stream);
    for (const [name] of named) this.subscribers.push(new StreamSubscriber(this.scope, name, this.onThrow));
    before();
    for (const subscriber of this.subscribers) {
      this.scope.subscribing = subscriber.stream;
      streams[subscriber.stream]?.subscribe(subscriber);
    }
    this.scope.subscribing = '';
  }

  disconnect(): void {
    for (const subscriber of this.subscribers) subscriber.unsubscribe();
  }
}

function isRecord(given: unknown): given is object {
  if (typeof given !== 'object' || given === null || isObservable(given)) return false;
  return typeof (given as Partial<PromiseLike<unknown>>).then !== 'function';
}
