import { isObservable, type Observable } from 'rxjs';
import { AgentError } from '../AgentError';
import type { OnThrow } from '../trace/IsolatingObservable';
import type { AgentScope } from './AgentScope';
import type { Streams } from './defineAgent';
import { StreamSubscriber, type StreamOwner } from './StreamSubscriber';

/** An agent's streams, each subscribed once; what others see of them is shared. */
export class Wiring {
  private readonly subscribers: StreamSubscriber[] = [];
  private shared: Streams | undefined;

  constructor(
    private readonly scope: AgentScope,
    private readonly owner: StreamOwner,
    private readonly onThrow: OnThrow,
  ) {}

  /** What the streams emit, for all who want it. */
  get streams(): Streams {
    return (this.shared ??= Object.fromEntries(this.subscribers.map(({ stream, $ }) => [stream, $])));
  }

  /**
   * Subscribes to the streams in the order in which they are written.
   *
   * @throws AgentError `not-an-observable`, before any of them is subscribed
   */
  connect(streams: Streams): void {
    for (const [name, stream] of Object.entries(streams)) this.checkStream(name, stream);
    for (const name of Object.keys(streams))
      this.subscribers.push(new StreamSubscriber(this.owner, name, this.onThrow));
    for (const subscriber of this.subscribers) {
      this.scope.subscribing = subscriber.stream;
      streams[subscriber.stream]?.subscribe(subscriber);
    }
    this.scope.subscribing = '';
  }

  disconnect(): void {
    for (const subscriber of this.subscribers) subscriber.unsubscribe();
  }

  private checkStream(name: string, stream: Observable<unknown>): void {
    if (isObservable(stream)) return;
    const { agent } = this.scope;
    const given = (stream as unknown) === null ? 'null' : typeof stream;
    throw new AgentError(
      'not-an-observable',
      `${agent}.${name} is no Observable but ${given}. Each stream has to be one; wrap a promise in from().`,
      {
        agent,
        stream: name,
      },
    );
  }
}
