import type { NatsConnection } from '@nats-io/transport-node';
import type { Observable } from 'rxjs';
import { AgentError, type AgentErrorCode } from '../AgentError';
import type { Bus, BusContext, BusMessage, BusStatus, Reply, Server } from '../messages/bus/Bus';
import { disconnected } from '../messages/messageErrors';
import type { Leases } from '../store/leases/Leases';
import type { Payload } from '../messages/payloads/Payload';
import { toBackoff } from '../time/spans/backoff';
import { liveRandom } from '../time/spans/random';
import type { Timers } from '../time/queue/Timers';
import { Calls } from './calls/Calls';
import { Services } from './calls/Services';
import { Connection, type Tenant } from './connection/Connection';
import { noJetStream } from './connection/serverFeatures';
import { LeasesOverNats } from './leases/natsLeases';
import { KeptTopics } from './durable/KeptTopics';
import { newId } from './newId';
import type { NatsBusOptions } from './options';
import { Feeds } from './topics/Feeds';
import { Outbox } from './topics/Outbox';
import { RetainedTopics } from './topics/RetainedTopics';
import { checkSize, fromData, toText } from './wire/data';
import { AT, headerLine, ID, SENDER, TRACE_PARENT } from './wire/head';
import { Packet, toPacket } from './wire/Packet';
import type { Reader } from './wire/Received';
import { Subjects, toBucket } from './wire/Subjects';

/** What a server takes if it does not say. */
const MOST_BYTES = 1024 * 1024;

const OWN: readonly AgentErrorCode[] = [
  'bus-failed',
  'bus-unsupported',
  'lease-lost',
  'message-dead',
  'missing-package',
];

/** One host's part of a bus over NATS. */
export class BusOverNats implements Bus, Tenant {
  readonly reader: Reader;
  readonly leases: Leases;
  readonly keeping: KeptTopics;
  /** This host, among all that there are. Its own subjects begin with it. */
  private readonly id = newId(12);
  readonly inbox = `_INBOX.rx${this.id}`;
  private readonly subjects: Subjects;
  private readonly connection: Connection;
  private readonly outbox: Outbox;
  private readonly feeds: Feeds;
  private readonly lasting: RetainedTopics;
  private readonly calls: Calls;
  private readonly services: Services;
  private context: BusContext | undefined;
  private sent = 0;
  private sender = '';
  /** How many bytes more than characters that has. */
  private senderExtra = 0;
  private readonly idHead = `${ID}: ${newId(8)}-`;

  constructor(private readonly options: NatsBusOptions) {
    const { prefix, buffer = 10_000 } = options;
    const subjects = new Subjects(prefix);
    this.subjects = subjects;
    this.leases = new LeasesOverNats(options);
    const bucketPrefix = toBucket(prefix ?? 'rx');
    this.reader = {
      topicOf: (subject) => subjects.topicOf(subject),
      payloadOf: fromData,
      isCall: (reply) => reply.startsWith(CALLERS),
    };
    this.connection = new Connection(options, this, () => this.host);
    this.outbox = new Outbox(buffer);
    this.lasting = new RetainedTopics(`${bucketPrefix}-retained`, this);
    const backoff = toBackoff(options.redelivery ?? { from: '1s', to: '1m', jitter: 0.1 });
    this.keeping = new KeptTopics(this, {
      prefix: bucketPrefix,
      replicas: options.replicas ?? 1,
      maxDeliver: options.maxDeliver ?? 10,
      waitBefore: (attempt) => backoff(attempt, liveRandom),
      most: buffer,
    });
    this.feeds = new Feeds(this, this.inbox);
    this.calls = new Calls(this, this.inbox);
    this.services = new Services(this, (procedure) => subjects.of(procedure), this.id);
  }

  get status$(): Observable<BusStatus> {
    return this.connection.status$;
  }

  get timers(): Timers {
    return this.host.timers;
  }

  connect(context: BusContext): void {
    if (this.context !== undefined) {
      const message = 'This bus serves another host already. Give each host a bus of its own.';
      throw new AgentError('bad-option', message);
    }
    this.context = context;
    this.sender = headerLine(SENDER, this.name);
    this.senderExtra = Buffer.byteLength(this.sender) - this.sender.length;
    this.connection.open(this.name);
  }

  async close(): Promise<void> {
    this.outbox.clear();
    await this.connection.close(async () => {
      await Promise.all([this.services.settle(), this.keeping.settle()]);
    });
    this.keeping.close();
    this.calls.fail('bus-disconnected', 'the bus has been closed');
  }

  publish(topic: string, payload: Payload, retain: boolean): void {
    const { connection, outbox } = this;
    if (!connection.isAway) throw this.notConnected(topic);
    const subject = this.subjects.of(topic);
    const packet = this.packet(topic, payload);
    const info = connection.connection?.info;
    if (retain && info !== undefined && info.jetstream !== true)
      throw noJetStream(`${topic}: retain: 'last'`, info);
    if (connection.isConnected) this.send(topic, subject, packet, retain);
    else {
      const send = (): void => {
        this.send(topic, subject, packet, retain);
      };
      outbox.keep({ topic, size: packet.data.length, send });
    }
  }

  subscribe(filter: string, listener: (message: BusMessage) => void, group?: string): () => void {
    return this.feeds.subscribe(filter, listener, group);
  }

  request(procedure: string, payload: Payload, answer: (reply: Reply) => void): () => void {
    if (!this.connection.isConnected) throw this.notConnected(procedure);
    const subject = this.subjects.of(procedure);
    return this.calls.request(procedure, subject, this.packet(procedure, payload), answer);
  }

  serve(procedure: string, server: Server): () => void {
    return this.services.serve(procedure, server);
  }

  opened(connection: NatsConnection): void {
    this.lasting.opened(connection);
    this.keeping.opened(connection);
    this.calls.opened(connection);
    this.services.opened(connection, this.name, this.timers.wallNow());
    this.feeds.opened(connection);
  }

  back(): void {
    this.keeping.back();
    this.feeds.back();
    this.outbox.send();
  }

  lost(): void {
    this.keeping.lost();
    this.calls.fail('bus-disconnected', 'the bus has lost its connection');
  }

  refused(operation: 'publish' | 'subscription', subject: string, error: AgentError): void {
    if (operation === 'publish') this.calls.refused(subject, error);
  }

  subjectOf(topic: string): string {
    return this.subjects.of(topic);
  }

  checkOpen(where: string): void {
    if (!this.connection.isAway) throw this.notConnected(where);
  }

  subjectsOf(filter: string): readonly string[] {
    return this.subjects.matching(filter);
  }

  retained(filter: string, isLive: Promise<void>): Promise<readonly BusMessage[]> {
    return this.lasting.read(filter, isLive);
  }

  payloadOf(where: string, data: Uint8Array): Payload {
    return fromData(where, data);
  }

  /** The payload of an answer, as it is sent. */
  toData(where: string, payload: Payload): Uint8Array {
    const data = Buffer.from(toText(where, payload), 'utf8');
    checkSize(where, data, this.mostBytes);
    return data;
  }

  /** What goes wrong here is told as it is; all else was thrown by a listener. */
  onError(error: unknown): void {
    const { host } = this;
    if (host.tell !== undefined && error instanceof AgentError && OWN.includes(error.code)) host.tell(error);
    else host.onError(error);
  }

  private get name(): string {
    return this.options.name ?? this.host.name ?? 'host';
  }

  private get host(): BusContext {
    if (this.context === undefined) throw new AgentError('bus-disconnected', 'The bus serves no host yet.');
    return this.context;
  }

  private send(topic: string, subject: string, packet: Packet, retain: boolean): void {
    this.connection.connection?.publish(subject, packet.data, packet);
    if (retain) this.lasting.keep({ topic, packet });
  }

  /** A payload with its headers: the message's id, who sends it, when, and what for. */
  packet(where: string, payload: Payload, lines = ''): Packet {
    const { sender, options, mostBytes } = this;
    const text = toText(where, payload);
    let head = `${this.idHead}${(++this.sent).toString(36)}\r\n${sender}${AT}: ${this.timers.wallNow()}\r\n`;
    const traceParent = options.traceParent?.();
    if (traceParent !== undefined) head += headerLine(TRACE_PARENT, traceParent);
    const isPlain = traceParent === undefined && lines === '';
    const packet = isPlain ? new Packet(head, this.senderExtra, text) : toPacket(head + lines, text);
    checkSize(where, packet.data, mostBytes);
    return packet;
  }

  private get mostBytes(): number {
    return this.connection.connection?.info?.max_payload ?? MOST_BYTES;
  }

  private notConnected(where: string): AgentError {
    return disconnected(where, this.connection.current);
  }
}

/** What all reply subjects of calls begin with. */
const CALLERS = '_INBOX.rx';
