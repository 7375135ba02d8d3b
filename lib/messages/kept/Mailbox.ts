import type { AgentError } from '../../AgentError';
import { Backlog } from '../../time/queue/Backlog';
import type { Shelf } from '../../store/Shelf';
import type { Scheduler } from '../../time/queue/Scheduler';
import type { RandomSource } from '../../time/spans/random';
import type { Taker } from '../bus/Bus';
import type { Dispatch } from '../memory/Dispatch';
import { messageDead } from '../messageErrors';
import type { DeliveryPlan } from './deliveries';
import type { KeptEntry } from './KeptEntry';
import { Line } from './Line';
import { HandedMessage, type Outcome } from './HandedMessage';

/** So many messages of one name are dealt with at a time, each of another topic. */
const MOST_IN_HAND = 100;

/** What a mailbox has of those that keep its messages. */
export interface MailboxOwner {
  readonly host: string;
  readonly scheduler: Scheduler;
  readonly random: RandomSource;
  readonly dispatch: Pick<Dispatch, 'send'>;
  readonly plan: DeliveryPlan;
  /** The host has stopped, or its process has ended: nothing is delivered any more. */
  readonly isOver: boolean;
  /** Whether the store refuses what it is given. */
  readonly isStuck: boolean;
  /** Calls back when all that was written so far is kept. */
  whenKept(then: () => void): void;
  /** Takes what a taker has thrown. */
  onError(error: unknown): void;
  report(error: AgentError): void;
}

/** What is kept for one name under which messages of a durable topic are taken, and who takes them. */
export class Mailbox {
  private readonly takers: Taker[] = [];
  private readonly lines = new Map<string, Line>();
  /** Those whose first message is to be dealt with. */
  private readonly ready = new Backlog<Line>();
  private inHand = 0;
  private turn = 0;
  private isWaiting = false;

  /** @param dead the shelf of those that are dead */
  constructor(
    readonly name: string,
    private readonly messages: Shelf,
    private readonly dead: () => Shelf,
    private readonly owner: MailboxOwner,
  ) {}

  get isTaken(): boolean {
    return this.takers.length > 0;
  }

  get size(): number {
    return this.messages.entries.size;
  }

  /** Gives the way to end it. */
  enter(taker: Taker): () => void {
    this.takers.push(taker);
    this.pump();
    return () => {
      const index = this.takers.indexOf(taker);
      if (index >= 0) this.takers.splice(index, 1);
      // Whoever takes them next gets them at once.
      if (!this.isTaken) for (const line of this.lines.values()) line.endPause();
    };
  }

  write(entry: KeptEntry): void {
    this.messages.put(entry.number, entry.kept);
  }

  /** A message is kept, and may be dealt with. */
  add(entry: KeptEntry): void {
    let line = this.lines.get(entry.topic);
    if (line === undefined) {
      line = new Line(this.owner.scheduler, this.again, (error) => {
        this.owner.onError(error);
      });
      this.lines.set(entry.topic, line);
    }
    line.push(entry);
    if (line.first === undefined && line.advance()) this.again(line);
  }

  end(): void {
    this.takers.length = 0;
    for (const line of this.lines.values()) line.end();
  }

  /** The first message of a line is to be dealt with. */
  private readonly again = (line: Line): void => {
    this.ready.push(line);
    this.pump();
  };

  /** Sends what there is to those who take it, as far as there is room. */
  private pump(): void {
    const { owner, ready } = this;
    if (owner.isOver || this.isWaiting || ready.size === 0 || !this.isTaken) return;
    if (owner.isStuck) {
      this.isWaiting = true;
      owner.whenKept(() => {
        this.isWaiting = false;
        this.pump();
      });
      return;
    }
    while (ready.size > 0 && this.inHand < MOST_IN_HAND) this.send(ready.shift());
  }

  private send(line: Line): void {
    const { first } = line;
    if (first === undefined) return;
    const { rank, context } = first;
    const handOver = (): void => {
      this.hand(line, first);
    };
    this.inHand++;
    this.owner.dispatch.send({ rank, context, handOver });
  }

  private hand(line: Line, entry: KeptEntry): void {
    const { owner, takers } = this;
    if (owner.isOver) return;
    const taker = takers[this.turn++ % Math.max(1, takers.length)];
    if (taker === undefined) {
      this.inHand--;
      this.ready.push(line);
      return;
    }
    if (!entry.isBegun && entry.isRestored) {
      this.count(line, entry);
      return;
    }
    if (!entry.isBegun) entry.attempts++;
    entry.isBegun = true;
    const outcome: Outcome = {
      settled: () => {
        this.remove(line, entry);
      },
      comesAgain: () => {
        this.comeAgain(line, entry);
      },
      isDead: (cause) => {
        this.bury(line, entry, cause);
      },
      released: () => {
        this.release(line, entry);
      },
    };
    const { attempts } = entry;
    const { maxDeliver } = owner.plan;
    new HandedMessage(entry.messageOf(owner.host), attempts, maxDeliver, outcome, true).handTo(
      taker,
      (error) => {
        owner.onError(error);
      },
    );
  }

  /**
   * An earlier life may have died of it, and that must have an end: it is written down that this one tries it before it
   * does so.
   */
  private count(line: Line, entry: KeptEntry): void {
    const { owner } = this;
    if (entry.attempts >= owner.plan.maxDeliver) {
      this.bury(line, entry, new Error('no process has lived to deal with it'));
      return;
    }
    entry.attempts++;
    entry.isBegun = true;
    this.write(entry);
    owner.whenKept(() => {
      this.inHand--;
      if (!owner.isOver) this.send(line);
    });
  }

  private remove(line: Line, entry: KeptEntry): void {
    this.messages.remove(entry.number);
    this.inHand--;
    if (line.advance()) this.ready.push(line);
    else this.lines.delete(entry.topic);
    this.pump();
  }

  private comeAgain(line: Line, entry: KeptEntry): void {
    const { random, plan } = this.owner;
    entry.isBegun = false;
    this.write(entry);
    this.inHand--;
    if (this.isTaken) line.pause(plan.waitBefore(entry.attempts, random));
    else this.ready.push(line);
    this.pump();
  }

  /** Who has had it stops: that is no failure. */
  private release(line: Line, entry: KeptEntry): void {
    entry.attempts--;
    entry.isBegun = false;
    if (entry.isRestored) this.write(entry);
    this.inHand--;
    this.again(line);
  }

  private bury(line: Line, entry: KeptEntry, cause: unknown): void {
    const { owner, name } = this;
    const { attempts, number, topic } = entry;
    this.dead().put(number, entry.deadOf(cause, owner.scheduler.wallNow()));
    owner.report(messageDead(topic, name, attempts, cause, ". See 'rx-agent-kit store list'."));
    this.remove(line, entry);
  }
}
