import type { NatsConnection } from '@nats-io/transport-node';
import { AgentError, messageOf } from '../../AgentError';
import type { BusMessage } from '../../messages/bus/Bus';
import { optionalPackage } from '../../node/optionalPackage';
import type { Packet } from '../wire/Packet';
import { Received, type Reader } from '../wire/Received';
import { Subjects, toKey } from '../wire/Subjects';
import { hasNone, lastOf, lastOfMany, type Stored } from './lastMessages';

/** How long the server may take for one answer, in ms. */
const TIMEOUT = 2000;
const TRIES = 5;
/** From so many readers in a turn on it is asked first whether there is anything to read. */
const MANY = 8;

/** What is published and kept as its topic's last message. */
export interface Retaining {
  readonly topic: string;
  readonly packet: Packet;
}

export interface RetainedOwner {
  readonly reader: Reader;
  /** Where the host gets what is for it alone. */
  readonly inbox: string;
  onError(error: unknown): void;
}

/**
 * The last messages of the topics that retain theirs, in a bucket of NATS. Reads and writes take turns: who subscribes
 * gets what was last before that, and not what this host publishes behind it.
 */
export class RetainedTopics {
  private connection: NatsConnection | undefined;
  private bucket: Promise<unknown> | undefined;
  private readonly keys = new Subjects();
  private readonly latest = new Map<string, Retaining>();
  private writes: Promise<unknown> = Promise.resolve();
  private reads: Promise<unknown> = Promise.resolve();
  /** Who asks at the moment whether there is anything, and how many they are. */
  private empty: Promise<boolean> | undefined;
  private readers = 0;

  constructor(
    private readonly name: string,
    private readonly owner: RetainedOwner,
  ) {}

  opened(connection: NatsConnection): void {
    this.connection = connection;
  }

  keep(message: Retaining): void {
    this.latest.set(message.topic, message);
    const written = this.reads
      .then(() => this.write(message, 1))
      .catch((error: unknown) => {
        this.owner.onError(this.notKept(message.topic, error));
      });
    this.writes = Promise.all([this.writes, written]);
  }

  /** @param isLive what is published from then on comes to the subscriber by itself */
  read(filter: string, isLive: Promise<void>): Promise<readonly BusMessage[]> {
    const messages = Promise.all([isLive, this.writes]).then(() => this.fetch(filter));
    this.reads = Promise.all([this.reads, messages.catch(() => undefined)]);
    return messages;
  }

  private async write(message: Retaining, attempt: number): Promise<void> {
    const { connection, name, latest } = this;
    if (connection === undefined) return;
    const { topic, packet } = message;
    try {
      await (this.bucket ??= createBucket(connection, name));
      const subject = `$KV.${name}.${this.keyOf(topic)}`;
      const reply = await connection.request(subject, packet.data, {
        headers: packet.headers,
        timeout: TIMEOUT,
      });
      const { error } = reply.json<{ readonly error?: { readonly description: string } }>();
      if (error !== undefined) throw new Error(error.description);
    } catch (error) {
      if (error instanceof AgentError) this.bucket = undefined;
      // A later one has taken its place, or will.
      if (latest.get(topic) !== message || connection.isClosed()) return;
      if (attempt === TRIES || error instanceof AgentError) throw error;
      await this.write(message, attempt + 1);
      return;
    }
    if (latest.get(topic) === message) latest.delete(topic);
  }

  private async fetch(filter: string): Promise<readonly BusMessage[]> {
    const { connection, name, owner } = this;
    if (connection === undefined || connection.isClosed() || connection.info?.jetstream !== true) return [];
    if (await this.isEmpty(connection)) return [];
    const found: Stored[] = [];
    for (const subject of this.keys.matching(filter)) {
      const key = `$KV.${name}.${toKey(subject)}`;
      const isWild = filter !== '' && /[*>]/.test(subject);
      const last = isWild
        ? lastOfMany(connection, `KV_${name}`, key, owner.inbox, TIMEOUT)
        : lastOf(connection, `KV_${name}`, key, TIMEOUT);
      found.push(...(await last));
    }
    return found.flatMap((message) => this.toMessage(message));
  }

  /** Whether nothing at all is retained: asked once for those who subscribe in the same turn, if they are many. */
  private isEmpty(connection: NatsConnection): Promise<boolean> {
    this.readers++;
    this.empty ??= Promise.resolve().then(() => {
      const isWorthIt = this.readers >= MANY;
      this.readers = 0;
      this.empty = undefined;
      return isWorthIt && hasNone(connection, `KV_${this.name}`, TIMEOUT);
    });
    return this.empty;
  }

  private toMessage(stored: Stored): BusMessage[] {
    const { reader } = this.owner;
    const { subject, data, headers } = stored;
    const topic = this.keys.topicOf(subject.slice(`$KV.${this.name}.`.length));
    // What somebody has deleted by other means is kept as a mark.
    if (topic === undefined || (headers?.get('KV-Operation') ?? '') !== '') return [];
    try {
      return [new Received(topic, reader.payloadOf(topic, data), stored)];
    } catch (error) {
      return [new Received(topic, undefined, stored, error as AgentError)];
    }
  }

  private keyOf(topic: string): string {
    return toKey(this.keys.of(topic));
  }

  private notKept(topic: string, error: unknown): AgentError {
    const message = `${topic}: its last message could not be retained in the bucket ${this.name}: ${messageOf(error)}`;
    return error instanceof AgentError ? error : new AgentError('bus-failed', message, { cause: error });
  }
}

async function createBucket(connection: NatsConnection, name: string): Promise<unknown> {
  const { Kvm } = await optionalPackage('@nats-io/kv', "retain: 'last'", () => import('@nats-io/kv'), [
    '@nats-io/jetstream',
  ]);
  return new Kvm(connection).create(name, { history: 1 });
}
