import { toldOf } from '../../store/toldOf';
import type { Json } from '../../store/Json';
import type { Context } from '../../time/present/Context';
import type { Rank } from '../../time/queue/rank';
import type { BusMessage } from '../bus/Bus';
import type { Payload } from '../payloads/Payload';

/** A message as it is kept, for one of those who take it. */
type Kept = readonly [topic: string, payload: readonly Json[], sentAt: number, attempts: number];

/** A message of a durable topic, for one mailbox. */
export class KeptEntry {
  /** Whether the present delivery is among `attempts`. */
  isBegun = false;

  constructor(
    /** Its number: a later message has a greater one. Those that other mailboxes have of it bear the same. */
    readonly number: string,
    readonly topic: string,
    readonly payload: Payload,
    /** When it was published, by the wall clock. */
    readonly sentAt: number,
    /** How often it has been delivered. */
    public attempts: number,
    /** The batch that it was written in; 0 if an earlier life has written it. */
    readonly batch: number,
    readonly rank: Rank,
    readonly context: Context | undefined,
  ) {}

  get isRestored(): boolean {
    return this.batch === 0;
  }

  get kept(): Json {
    const { topic, payload, sentAt, attempts } = this;
    return [topic, payload === undefined ? [] : [payload], sentAt, attempts] satisfies Kept;
  }

  /** As it comes to whoever takes it. */
  messageOf(sender: string): BusMessage {
    const { topic, payload, number, sentAt } = this;
    const origin = { id: `${sender}/${number}`, sender, sentAt, traceParent: undefined };
    return { topic, payload, origin };
  }

  /** What is kept of it when it is dead. */
  deadOf(cause: unknown, at: number): Json {
    return { trigger: this.kept, attempts: this.attempts, error: toldOf(cause), at, steps: [] };
  }

  static read(number: string, kept: Json, rank: Rank): KeptEntry {
    const [topic, [payload], sentAt, attempts] = kept as unknown as Kept;
    return new KeptEntry(number, topic, payload, sentAt, attempts, 0, rank, undefined);
  }
}
