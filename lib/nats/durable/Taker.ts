import type { Consumer, ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import type { AgentError } from '../../AgentError';
import type { Taker as MessageTaker } from '../../messages/bus/Bus';
import { HandedMessage } from '../../messages/kept/HandedMessage';
import { messageDead, publishedTooLate } from '../../messages/messageErrors';
import { isA } from '../../readError';
import type { Timers } from '../../time/queue/Timers';
import { NO_SLOT } from '../../time/queue/TimerQueue';
import { guarded } from '../../trace/guarded';
import { LEASE } from '../wire/head';
import type { Packet } from '../wire/Packet';
import { type Reader, Received } from '../wire/Received';
import { deadPacket } from './deadPacket';
import { DoneMessages } from './DoneMessages';
import { Fences } from './Fences';
import { Line } from './Line';
import { MOST_UNDER_WAY } from './streams';

export interface TakerOwner {
  readonly reader: Reader;
  readonly timers: Timers;
  /** Keeps a dead message. */
  bury(subject: string, packet: Packet): Promise<void>;
  /** Says that a message is done with, by where that is to be said. */
  acknowledge(reply: string): void;
  /** Whether a topic is among those that are asked for. */
  matches(topic: string): boolean;
  onError(error: unknown): void;
}

export interface TakerPlan {
  readonly name: string;
  readonly maxDeliver: number;
  /** How long the server waits for a word of a message, in ms. */
  readonly ackWait: number;
  readonly waitBefore: (attempt: number) => number;
}

/** How much later than it was asked for a message may come again to this host, in ms. */
const LATEST = 2000;

/** Takes the messages of a durable topic under a name: those of one topic one after the other. */
export class Taker {
  private readonly lines = new Map<string, Line>();
  private readonly fences = new Fences();
  private messages: ConsumerMessages | undefined;
  private slot = NO_SLOT;
  hasEnded = false;
  private suspensions = 0;
  private readonly done = new DoneMessages(4 * MOST_UNDER_WAY);

  constructor(
    private readonly owner: TakerOwner,
    private readonly plan: TakerPlan,
    private readonly to: Pick<MessageTaker, 'take'>,
  ) {}

  /** Resolves when it is ended or suspended. */
  async consume(consumer: Consumer): Promise<void> {
    if (this.hasEnded) return;
    const { suspensions } = this;
    // All that comes at once is handed on at once: so the words on it go to the server together, and not each alone.
    const messages = await consumer.consume({
      max_messages: 100,
      callback: (message) => {
        guarded(() => {
          this.receive(message);
        }, this.onError);
      },
    });
    this.messages = messages;
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- it may have ended meanwhile
    if (this.hasEnded || suspensions !== this.suspensions) {
      await messages.close();
      return;
    }
    if (this.slot === NO_SLOT) this.tellAtWork();
    const error = await messages.closed();
    if (isA(error, Error)) throw error;
  }

  end(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    if (this.slot !== NO_SLOT) this.owner.timers.disarm(this.slot);
    this.suspend();
    // What nobody has begun with comes again elsewhere at once.
    for (const line of this.lines.values()) for (const message of line.waiting()) message.nak();
  }

  /** Takes no more for now: `consume` resolves. */
  suspend(): void {
    this.suspensions++;
    void this.messages?.close().catch(() => undefined);
  }

  /** Says once more of the last messages that they are done with: it may have been lost, or forgotten. */
  repeat(): void {
    this.done.forEach((reply) => {
      this.owner.acknowledge(reply);
    });
  }

  private receive(message: JsMsg): void {
    const topic = this.owner.reader.topicOf(message.subject);
    if (topic === undefined || !this.owner.matches(topic) || this.done.has(message)) {
      message.ack();
      return;
    }
    const stale = this.fences.staleLease(message.headers?.get(LEASE), message.seq);
    if (stale !== undefined) {
      message.term();
      this.onError(publishedTooLate(stale, topic));
      return;
    }
    const line = this.lines.get(topic) ?? new Line();
    this.lines.set(topic, line);
    const next = line.receive(message);
    if (next !== undefined) this.hand(topic, line, next);
  }

  private hand(topic: string, line: Line, message: JsMsg): void {
    if (this.hasEnded) {
      message.nak();
      return;
    }
    const { maxDeliver } = this.plan;
    const attempt = message.info.deliveryCount;
    if (attempt > maxDeliver) {
      // Each time the host has died with it.
      this.bury(topic, line, message, new Error(`no host has lived to deal with it, ${attempt - 1} times`));
      return;
    }
    const handed = new HandedMessage(this.read(topic, message), attempt, maxDeliver, {
      settled: () => {
        message.ack();
        this.done.add(message);
        this.goOn(topic, line);
      },
      comesAgain: () => {
        this.comeAgain(topic, line, message, attempt);
      },
      isDead: (cause) => {
        this.bury(topic, line, message, cause);
      },
      released: () => {
        message.nak();
        this.goOn(topic, line);
      },
    });
    handed.handTo(this.to, this.onError);
  }

  /** Those behind it wait for it. If it does not come in time another host has it, and they go on. */
  private comeAgain(topic: string, line: Line, message: JsMsg, attempt: number): void {
    const { timers } = this.owner;
    const wait = this.plan.waitBefore(attempt);
    message.nak(wait);
    const waited = line.awaitAgain(message.seq);
    timers.arm(timers.now() + wait + LATEST, {
      run: () => {
        if (line.isAwaiting(waited)) this.goOn(topic, line);
      },
      fail: this.onError,
    });
  }

  private bury(topic: string, line: Line, message: JsMsg, cause: unknown): void {
    const { name } = this.plan;
    const packet = deadPacket(message, name, cause);
    this.owner
      .bury(message.subject, packet)
      .then(
        () => {
          message.term();
          this.done.add(message);
          const times = message.info.deliveryCount;
          this.owner.onError(messageDead(topic, name, times, cause));
        },
        (error: unknown) => {
          this.onError(error);
          message.nak(this.plan.ackWait);
        },
      )
      .finally(() => {
        this.goOn(topic, line);
      });
  }

  private goOn(topic: string, line: Line): void {
    const next = line.next();
    if (next !== undefined) this.hand(topic, line, next);
    else if (line.isEmpty && this.lines.get(topic) === line) this.lines.delete(topic);
  }

  private read(topic: string, { data, headers }: JsMsg): Received {
    const raw = headers === undefined ? {} : { headers };
    try {
      return new Received(topic, this.owner.reader.payloadOf(topic, data), raw);
    } catch (error) {
      return new Received(topic, undefined, raw, error as AgentError);
    }
  }

  /** Says of all that it has that it is at work on it, before the server gives it to somebody else. */
  private tellAtWork(): void {
    const { timers } = this.owner;
    this.slot = timers.arm(timers.now() + this.plan.ackWait / 3, {
      run: () => {
        this.slot = NO_SLOT;
        for (const line of this.lines.values()) for (const message of line.held()) message.working();
        this.tellAtWork();
      },
      fail: this.onError,
    });
  }

  private readonly onError = (error: unknown): void => {
    this.owner.onError(error);
  };
}
