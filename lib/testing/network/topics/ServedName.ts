import { matches } from '../../../messages/topics/pattern';
import { FINITE } from '../../../time/queue/rank';
import { NO_SLOT } from '../../../time/queue/TimerQueue';
import type { Timers } from '../../../time/queue/Timers';
import type { Draws } from '../Draws';
import type { StreamMessage } from './StreamMessage';

/** How long a message stays with a host that says nothing of it, in ms. */
export const ACK_WAIT = 10_000;

/** A host that takes messages under a name. */
export interface NamedTaker {
  readonly host: string;
  /** Sends it a message. @param attempt how often that has been sent, this time included */
  give(message: StreamMessage, attempt: number): void;
}

/** The messages of one topic for one name: the first is sent to one host, the others wait for it. */
interface Line {
  readonly waiting: StreamMessage[];
  attempt: number;
  /** Who has the first one. */
  holder: NamedTaker | undefined;
  /** Armed until it is sent again. */
  slot: number;
}

/** What the servers keep for one name under which messages are taken, and who takes them. */
export class ServedName {
  private readonly lines = new Map<string, Line>();
  private takers: NamedTaker[] = [];
  private readonly filter: readonly string[];

  constructor(
    filter: string,
    private readonly timers: Timers,
    private readonly draws: Draws,
  ) {
    this.filter = filter.split('/');
  }

  enter(taker: NamedTaker): void {
    if (this.takers.includes(taker)) return;
    this.takers.push(taker);
    for (const line of this.lines.values()) this.send(line);
  }

  leave(taker: NamedTaker): void {
    this.takers = this.takers.filter((other) => other !== taker);
  }

  gone(host: string): void {
    this.takers = this.takers.filter((other) => other.host !== host);
  }

  add(message: StreamMessage): void {
    const { topic } = message;
    if (!matches(this.filter, topic.split('/'))) return;
    let line = this.lines.get(topic);
    if (line === undefined) {
      line = { waiting: [], attempt: 0, holder: undefined, slot: NO_SLOT };
      this.lines.set(topic, line);
    }
    line.waiting.push(message);
    this.send(line);
  }

  // What a host says of a message that it has got.

  isAtWork(message: StreamMessage, taker: NamedTaker): void {
    const line = this.held(message, taker);
    if (line !== undefined) this.again(line, ACK_WAIT);
  }

  settled(message: StreamMessage): void {
    const line = this.lineOf(message);
    if (line === undefined) return;
    this.disarm(line);
    line.waiting.shift();
    line.attempt = 0;
    line.holder = undefined;
    if (line.waiting.length === 0) this.lines.delete(message.topic);
    else this.send(line);
  }

  /** It comes again in so many ms. */
  failed(message: StreamMessage, taker: NamedTaker, wait: number): void {
    const line = this.held(message, taker);
    if (line === undefined) return;
    if (wait === 0) this.resend(line);
    else this.again(line, wait);
  }

  private send(line: Line): void {
    const [first] = line.waiting;
    const { takers } = this;
    if (first === undefined || line.holder !== undefined || line.slot !== NO_SLOT || takers.length === 0)
      return;
    const hosts = takers.map(({ host }) => host);
    const taker = takers[this.draws.pick(hosts, `the message on ${first.topic}`)];
    line.holder = taker;
    line.attempt++;
    this.again(line, ACK_WAIT);
    taker?.give(first, line.attempt);
  }

  private again(line: Line, wait: number): void {
    const { timers } = this;
    this.disarm(line);
    const task = {
      run: (): void => {
        line.slot = NO_SLOT;
        this.resend(line);
      },
      fail: (error: unknown): void => {
        throw error;
      },
    };
    line.slot = timers.arm(timers.now() + wait, task, FINITE);
  }

  private resend(line: Line): void {
    this.disarm(line);
    line.holder = undefined;
    this.send(line);
  }

  private disarm(line: Line): void {
    if (line.slot !== NO_SLOT) this.timers.disarm(line.slot);
    line.slot = NO_SLOT;
  }

  private lineOf({ topic, number }: StreamMessage): Line | undefined {
    const line = this.lines.get(topic);
    return line?.waiting[0]?.number === number ? line : undefined;
  }

  private held(message: StreamMessage, taker: NamedTaker): Line | undefined {
    const line = this.lineOf(message);
    return line?.holder === taker ? line : undefined;
  }
}
