import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { AgentError } from '../../AgentError';
import type { Fence, Keeping, Taker as MessageTaker } from '../../messages/bus/Bus';
import type { Payload } from '../../messages/payloads/Payload';
import { optionalPackage } from '../../node/optionalPackage';
import { codeOf, errorNameOf, messageOf } from '../../readError';
import { leaseLost } from '../../messages/messageErrors';
import { leaseLine } from './Fences';
import type { Timers } from '../../time/queue/Timers';
import { Answers } from '../connection/Answers';
import { pause } from '../connection/pause';
import { noJetStream } from '../connection/serverFeatures';
import { moment, type Moment } from '../topics/moment';
import type { Packet } from '../wire/Packet';
import type { Reader } from '../wire/Received';
import { deadStream, deadSubject, type JetStream, takerConfig, topicStream } from './streams';
import { Taker } from './Taker';

/** How long the server may take to keep a message, in ms; then it is sent again, with the same id. */
const TIMEOUT = 5000;
/** How long a message stays with a host that says nothing of it, in ms. */
const ACK_WAIT = 10_000;
const RETRY = 500;
const ACK = '+ACK';

export interface KeptOwner {
  readonly timers: Timers;
  readonly reader: Reader;
  subjectOf(topic: string): string;
  subjectsOf(filter: string): readonly string[];
  /** @param lines more headers, as they are written */
  packet(where: string, payload: Payload, lines?: string): Packet;
  /** @throws AgentError `bus-disconnected` if there will be no connection any more */
  checkOpen(where: string): void;
  onError(error: unknown): void;
}

export interface KeptOptions {
  /** What the names of streams begin with. */
  readonly prefix: string;
  readonly replicas: number;
  readonly maxDeliver: number;
  readonly waitBefore: (attempt: number) => number;
  /** How many messages may be on their way to be kept. */
  readonly most: number;
}

/** JetStream, once it can be used. */
interface Engine {
  readonly module: JetStream;
  readonly client: JetStreamClient;
  readonly manager: JetStreamManager;
}

/** Durable topics as streams of JetStream. */
export class KeptTopics implements Keeping {
  private connection: NatsConnection | undefined;
  /** The connection is there: for the first time, or again. */
  private isThere = moment();
  private engine: Promise<Engine> | undefined;
  private readonly streams = new Map<string, Promise<string>>();
  private readonly takers = new Set<Taker>();
  private readonly unkept = new Set<Promise<void>>();
  private isOver = false;
  private readonly answers = new Answers();

  constructor(
    private readonly owner: KeptOwner,
    private readonly options: KeptOptions,
  ) {}

  opened(connection: NatsConnection): void {
    this.connection = connection;
    this.isThere.come();
  }

  /** What was said of messages while the connection broke is said again, before they are given to others. */
  back(): void {
    for (const taker of this.takers) taker.repeat();
    this.isThere.come();
  }

  publish(topic: string, of: string, payload: Payload, fence?: Fence): Promise<void> {
    const { owner, unkept, options } = this;
    owner.checkOpen(topic);
    if (unkept.size >= options.most) throw full(topic, unkept.size);
    const packet = owner.packet(topic, payload, fence && leaseLine(fence));
    const kept = this.keep(topic, of, packet, fence);
    unkept.add(kept);
    const end = (): void => {
      unkept.delete(kept);
    };
    kept.then(end, end);
    return kept;
  }

  take(filter: string, of: string, name: string, to: MessageTaker): () => void {
    const { owner, options } = this;
    const taker = new Taker(
      {
        reader: owner.reader,
        timers: owner.timers,
        onError: (error) => {
          owner.onError(error);
        },
        bury: (subject, packet) => this.bury(subject, packet),
        acknowledge: (reply) => this.connection?.publish(reply, ACK),
        matches: this.matcher(filter, of),
      },
      { ...options, ackWait: ACK_WAIT, name },
      to,
    );
    this.takers.add(taker);
    void this.openAtLast(taker, filter, of, name).catch((error: unknown) => {
      owner.onError(notTaken(of, name, error));
    });
    return () => {
      this.takers.delete(taker);
      taker.end();
    };
  }

  /** What has no answer by now gets none. */
  lost(): void {
    this.answers.lost(new Error('the connection was lost before there was an answer'));
    this.isThere = moment();
    // The client would go on by itself, but only half a minute later if the server is not at once what it was.
    for (const taker of this.takers) taker.suspend();
  }

  /** Resolves when what was published is kept; what has been taken is given back. */
  async settle(): Promise<void> {
    for (const taker of this.takers) taker.end();
    await Promise.allSettled(this.unkept);
  }

  close(): void {
    this.isOver = true;
    this.isThere.come();
  }

  /** As often as it takes: the id says that it is the same. */
  private async keep(topic: string, of: string, packet: Packet, fence: Fence | undefined): Promise<void> {
    const { owner } = this;
    const subject = owner.subjectOf(topic);
    for (;;) {
      const { isThere } = this;
      try {
        const { client } = await this.ready(topic);
        await this.stream(of);
        // It may have waited for long.
        if (fence?.isHeld() === false) throw leaseLost(fence.lease, topic);
        const options = { headers: packet.headers, timeout: TIMEOUT };
        await this.answers.unlessLost(client.publish(subject, packet.data, options));
        return;
      } catch (error) {
        if (this.isOver || !isPassing(error)) throw error;
        owner.checkOpen(topic);
        await this.beforeAnotherTry(isThere);
      }
    }
  }

  /** As soon as the connection is back, if it was lost. */
  private async beforeAnotherTry(isThere: Moment): Promise<void> {
    if (isThere === this.isThere) await pause(this.owner.timers, RETRY).passed;
  }

  /** Takes messages until the taker is ended, over lost connections, too. */
  private async openAtLast(taker: Taker, filter: string, of: string, name: string): Promise<void> {
    while (!taker.hasEnded && !this.isOver) {
      const { isThere } = this;
      try {
        await this.open(taker, filter, of, name);
      } catch (error) {
        if (!isPassing(error)) throw error;
      }
      await this.beforeAnotherTry(isThere);
    }
  }

  private async open(taker: Taker, filter: string, of: string, name: string): Promise<void> {
    const { module, client, manager } = await this.ready(of);
    const stream = await this.stream(of);
    const subjects = this.owner.subjectsOf(filter);
    // Servers before 2.10 know one filter: what is more than that is left out here.
    const [subject] = subjects.length === 1 && filter !== of ? subjects : [];
    const config = takerConfig(
      module,
      `${name}${subject === undefined ? '' : ` ${subject}`}`,
      subject,
      ACK_WAIT,
    );
    const { name: consumer } = await manager.consumers.add(stream, config);
    if (!this.isOver) await taker.consume(await client.consumers.get(stream, consumer));
  }

  private async bury(subject: string, packet: Packet): Promise<void> {
    const { prefix, replicas } = this.options;
    const { module, client } = await this.ready(subject);
    await this.ensure(deadStream(module, prefix, replicas));
    await client.publish(deadSubject(prefix, subject), packet.data, {
      headers: packet.headers,
      timeout: TIMEOUT,
    });
  }

  private async stream(of: string): Promise<string> {
    const { prefix, replicas } = this.options;
    const { module } = await this.ready(of);
    return this.ensure(topicStream(module, prefix, this.owner.subjectsOf(of), replicas));
  }

  private ensure(config: ReturnType<typeof topicStream>): Promise<string> {
    const { streams } = this;
    let stream = streams.get(config.name);
    if (stream === undefined) {
      stream = this.ready(config.name).then(async ({ manager }) => {
        await manager.streams.add(config);
        return config.name;
      });
      streams.set(config.name, stream);
      // It is tried again the next time.
      stream.catch(() => streams.delete(config.name));
    }
    return stream;
  }

  private async ready(what: string): Promise<Engine> {
    await this.isThere.promise;
    const { connection } = this;
    if (connection === undefined) throw noJetStream(what, undefined);
    const { info } = connection;
    if (info !== undefined && info.jetstream !== true) throw noJetStream(`the durable topic ${what}`, info);
    if (this.engine === undefined) {
      this.engine = load(connection);
      // The server may have gone before it has answered: it is asked again.
      this.engine.catch(() => (this.engine = undefined));
    }
    return this.engine;
  }

  private matcher(filter: string, of: string): (topic: string) => boolean {
    const isWhole = filter === of || this.owner.subjectsOf(filter).length === 1;
    return (topic) => isWhole || fits(filter, topic);
  }
}

async function load(connection: NatsConnection): Promise<Engine> {
  const module = await optionalPackage(
    '@nats-io/jetstream',
    'A durable topic',
    () => import('@nats-io/jetstream'),
  );
  return { module, client: module.jetstream(connection), manager: await module.jetstreamManager(connection) };
}

/** `devices/*` stands for `devices` and all below it. */
function fits(filter: string, topic: string): boolean {
  const before = filter.split('/').slice(0, -1);
  const segments = topic.split('/');
  return before.every((part, index) => part === '+' || part === segments[index]);
}

/** Whether it may be another time the next time: nobody has answered, or the connection was away. */
function isPassing(error: unknown): boolean {
  if (error instanceof AgentError) return false;
  const name = errorNameOf(error);
  return name !== 'JetStreamApiError' && name !== 'InvalidArgumentError' && codeOf(error) !== 'bad-option';
}

function full(topic: string, count: number): AgentError {
  const message = `${topic}: ${count} messages are on their way to be kept already, and the server takes none. Wait for host.kept(), or let the handler retry.`;
  return new AgentError('bus-disconnected', message);
}

function notTaken(of: string, name: string, cause: unknown): AgentError {
  if (cause instanceof AgentError) return cause;
  const message = `The messages of ${of} cannot be taken as '${name}': ${messageOf(cause)}`;
  return new AgentError('bus-failed', message, { cause });
}
