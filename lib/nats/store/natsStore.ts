import { checkOptions } from '../../options/checkOptions';
import type { Json } from '../../store/Json';
import { checkKeyPart } from '../../store/keys';
import type { OpenStore, Store, StoreContext } from '../../store/Store';
import { timersOf } from '../../time/queue/ForeignTimers';
import { Link } from '../connection/Link';
import { JetStream } from '../jetstream/JetStream';
import { pull } from '../jetstream/pull';
import { NATS_STORE, type NatsStoreOptions } from '../options';
import { Subjects, toName } from '../wire/Subjects';
import { HostLog, type LogPlace } from './HostLog';
import { NatsSession } from './NatsSession';
import { Replay } from './Replay';

/** A store on servers. */
export interface NatsStore extends Store {
  /** The names of the hosts of which something is kept. */
  hosts(): Promise<string[]>;
  /** All that is kept of a host, by its keys. A host may be at work on it. */
  entries(host: string): Promise<Map<string, Json>>;
}

/**
 * A {@link Store} on servers of NATS with JetStream, so that another machine carries on where one has failed: whoever
 * opens a host's entries takes them over, and what the former one still commits is refused (`store-fenced`). Needs the
 * package `@nats-io/transport-node`.
 * ```ts
 * const host = createHost({ name: 'site-a', store: natsStore({ servers: 'nats://broker:4222' }) });
 * ```
 * A batch is one message of the stream `rx-store`, on the host's own subject, and names the message that it comes
 * behind; from time to time one message has all entries, and those before it are forgotten. While the connection is
 * away commits fail, and the host gives them again.
 *
 * What was committed survives the sudden end of the server. Whether it survives that of the server's machine is the
 * server's business: give it `replicas`, or let it flush (`sync_interval: always` in its config).
 *
 * Its `open` rejects with AgentError `bus-failed` if nobody answers within `connectTimeout` or the login is refused,
 * `bus-unsupported` if the server is too old or has no JetStream, `missing-package`.
 *
 * @throws AgentError `bad-option` or `bad-duration`
 */
export function natsStore(options: NatsStoreOptions = {}): NatsStore {
  checkOptions('natsStore', NATS_STORE, options);
  return new StoreOverNats(options);
}

class StoreOverNats implements NatsStore {
  private readonly stream: string;
  private readonly subjects: Subjects;
  private readonly js: JetStream;

  constructor(private readonly options: NatsStoreOptions) {
    this.stream = `${toName(options.prefix ?? 'rx')}-store`;
    // No topic of the bus is there.
    this.subjects = new Subjects(`_rx.store.${this.stream}`);
    this.js = new JetStream(new Link('natsStore', options));
  }

  async open(host: string, { scheduler, fence = 0, signal }: StoreContext): Promise<OpenStore> {
    checkKeyPart('natsStore', "the host's name", host);
    const { js } = this;
    await js.link.enter(host, timersOf(scheduler), signal);
    const leave = (): Promise<void> => js.link.leave();
    try {
      await this.ensureStream();
      const { log, replay } = await HostLog.open(js, this.placeOf(host), fence);
      return new NatsSession(host, log, replay, leave);
    } catch (error) {
      await leave();
      throw error;
    }
  }

  hosts(): Promise<string[]> {
    return this.looking(async () => {
      const { subjects } = this;
      const all = await this.js.subjectsOf(this.stream, subjects.matching('*')[0] ?? '>');
      return all.map((subject) => subjects.topicOf(subject) ?? subject).sort();
    });
  }

  entries(host: string): Promise<Map<string, Json>> {
    return this.looking(async () => {
      const { stream, subject } = this.placeOf(host);
      const replay = new Replay();
      const last = await this.js.lastOf(stream, subject);
      if (last !== undefined)
        for await (const { message } of pull(this.js, stream, subject, last.seq))
          replay.take(message.headers, message.data);
      return replay.entries;
    });
  }

  private async looking<V>(work: () => Promise<V>): Promise<V> {
    const { link } = this.js;
    await link.enter('natsStore', timersOf());
    try {
      return await work();
    } finally {
      await link.leave();
    }
  }

  private ensureStream(): Promise<void> {
    return this.js.ensureStream({
      name: this.stream,
      subjects: this.subjects.matching('*'),
      retention: 'limits',
      storage: 'file',
      discard: 'new',
      max_consumers: -1,
      max_msgs: -1,
      max_bytes: -1,
      max_age: 0,
      max_msg_size: -1,
      num_replicas: this.options.replicas ?? 1,
    });
  }

  private placeOf(host: string): LogPlace {
    return { host, stream: this.stream, subject: this.subjects.of(host) };
  }
}
