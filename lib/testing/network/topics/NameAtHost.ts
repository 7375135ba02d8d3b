import type { AgentError } from '../../../AgentError';
import type { Taker } from '../../../messages/bus/Bus';
import type { DeliveryPlan } from '../../../messages/kept/deliveries';
import { HandedMessage } from '../../../messages/kept/HandedMessage';
import { messageDead } from '../../../messages/messageErrors';
import { ENDLESS } from '../../../time/queue/rank';
import { NO_SLOT } from '../../../time/queue/TimerQueue';
import type { Timers } from '../../../time/queue/Timers';
import type { StreamMessage } from './StreamMessage';
import { ACK_WAIT, type NamedTaker, type ServedName } from './ServedName';

/** What one who takes messages has of his host's place on the network. */
export interface TopicsHost {
  readonly name: string;
  readonly plan: DeliveryPlan;
  /** Lets the servers know something; that may be lost. */
  tell(what: string, work: () => void): void;
  /** Lets something come from the servers; that may be lost. */
  bring(what: string, arrive: () => void): void;
  waitBefore(attempt: number): number;
  report(error: AgentError): void;
  onError(error: unknown): void;
}

/** One who takes messages under a name, on one host: he has one of each topic at a time. */
export class NameAtHost implements NamedTaker {
  readonly host: string;
  private hasEnded = false;
  private slot = NO_SLOT;
  private readonly held = new Map<number, StreamMessage>();

  constructor(
    private readonly owner: TopicsHost,
    private readonly served: ServedName,
    private readonly timers: Timers,
    private readonly name: string,
    private readonly taker: Taker,
  ) {
    this.host = owner.name;
  }

  give(message: StreamMessage, attempt: number): void {
    this.owner.bring(`the message on ${message.topic}`, () => {
      this.receive(message, attempt);
    });
  }

  /** Takes no more; what it has it may still deal with. */
  end(): void {
    this.hasEnded = true;
    this.tell('that nobody takes messages there', () => {
      this.served.leave(this);
    });
  }

  /** Its process has ended. */
  vanish(): void {
    this.hasEnded = true;
    this.held.clear();
    this.rest();
  }

  private receive(message: StreamMessage, attempt: number): void {
    const { owner, served } = this;
    const { topic, number } = message;
    // It is at work on it, and its word of that was lost.
    if (this.held.has(number)) return;
    if (this.hasEnded) {
      this.tell(`that ${topic} was given back`, () => {
        served.failed(message, this, 0);
      });
      return;
    }
    if (attempt > owner.plan.maxDeliver) {
      this.bury(message, attempt - 1, new Error('no host has lived to deal with it'));
      return;
    }
    this.held.set(number, message);
    if (this.slot === NO_SLOT) this.tellAtWork();
    const over = (what: string, tell: () => void) => (): void => {
      this.held.delete(number);
      if (this.held.size === 0) this.rest();
      this.tell(what, tell);
    };
    const settled = over(`that ${topic} is done with`, () => {
      served.settled(message);
    });
    const taken = new HandedMessage(message, attempt, owner.plan.maxDeliver, {
      settled,
      released: over(`that ${topic} was given back`, () => {
        served.failed(message, this, 0);
      }),
      comesAgain: () => {
        const wait = owner.waitBefore(attempt);
        over(`that ${topic} has failed`, () => {
          served.failed(message, this, wait);
        })();
      },
      isDead: (cause) => {
        this.held.delete(number);
        this.bury(message, attempt, cause);
      },
    });
    taken.handTo(this.taker, (error) => {
      owner.onError(error);
    });
  }

  private bury(message: StreamMessage, attempts: number, cause: unknown): void {
    const { topic } = message;
    this.owner.report(messageDead(topic, this.name, attempts, cause));
    this.tell(`that ${topic} is dead`, () => {
      this.served.settled(message);
    });
  }

  /** Says of all that it has that it is at work on it, before the servers give it to somebody else. */
  private tellAtWork(): void {
    const { timers, served } = this;
    const run = (): void => {
      this.tellAtWork();
      for (const message of this.held.values())
        this.tell(`that ${message.topic} is being dealt with`, () => {
          served.isAtWork(message, this);
        });
    };
    const fail = (error: unknown): void => {
      this.owner.onError(error);
    };
    this.slot = timers.arm(timers.now() + ACK_WAIT / 3, { run, fail }, ENDLESS);
  }

  private rest(): void {
    if (this.slot !== NO_SLOT) this.timers.disarm(this.slot);
    this.slot = NO_SLOT;
  }

  private tell(what: string, work: () => void): void {
    this.owner.tell(what, work);
  }
}
