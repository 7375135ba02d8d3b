import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { AgentError } from 'rx-agent-kit';

/** How long before a fault something was done that is done again, since nobody has written down yet that it was, in ms. */
const BEFORE = 3000;
/** How long behind a fault something of it may go on. */
const BEHIND = 3000;
const DEAD_STREAM = 'rx-dead';

interface Line {
  readonly what: string;
  readonly n: number;
  readonly id: string;
  readonly at: number;
}

interface Fault {
  readonly what: string;
  readonly from: number;
  to: number;
}

/** What has become of messages. */
export interface Result {
  readonly published: number;
  readonly handled: number;
  /** How often a handler has begun with one again. */
  readonly redelivered: number;
  /** Those that were done more than once. */
  readonly twice: number;
  /** Those of them for which no fault was near. */
  readonly needless: readonly number[];
  readonly dead: readonly number[];
  readonly refused: readonly string[];
  /** Those that are neither done nor dead. */
  readonly lost: readonly number[];
  /** Those that have come under several ids. */
  readonly severalIds: readonly number[];
  readonly poisoned: (every: number) => readonly number[];
}

/** What was published, and by the log of those who take it, what has become of it. */
export class Ledger {
  private last = 0;
  private readonly refusals: string[] = [];
  private readonly faults: Fault[] = [];
  private readonly start = Date.now();

  constructor(private readonly log: string) {}

  /** Gives the number of the next message. */
  published(): number {
    return ++this.last;
  }

  refused(error: AgentError): void {
    this.refusals.push(`${error.code}: ${error.message}`);
  }

  async during(what: string, work: () => Promise<void>): Promise<void> {
    const fault = { what, from: Date.now(), to: Infinity };
    this.faults.push(fault);
    await work();
    fault.to = Date.now();
  }

  /** Resolves when the server knows the name under which messages are taken: from then on they are kept. */
  async isKnown(servers: string): Promise<void> {
    const client = await connect({ servers });
    const manager = await jetstreamManager(client);
    for (let names = 0; names === 0; await setTimeout(20))
      for await (const { state } of manager.streams.list()) names += state.consumer_count;
    await client.close();
  }

  /** Resolves when each message is done or dead, or when nothing more becomes of any. */
  async settled(dead: () => Promise<readonly number[]>): Promise<Result> {
    for (let before = -1; ;) {
      const result = this.result(await dead());
      const now = result.handled + result.dead.length + result.redelivered;
      if (result.lost.length === 0 || now === before) return result;
      before = now;
      // Longer than a message stays with a host that says nothing of it.
      for (let n = 0; n < 60 && this.result(await dead()).lost.length > 0; n++) await setTimeout(250);
    }
  }

  text({ published, handled, redelivered, twice, dead, refused, lost }: Result): string {
    const faults = this.faults.map(({ what, from, to }) => {
      const seconds = (at: number): string => ((at - this.start) / 1000).toFixed(1);
      return `  ${seconds(from)}–${seconds(to)} s: ${what}`;
    });
    const counts = `published ${published}, handled ${handled}, redelivered ${redelivered} (done twice ${twice}), dead-lettered ${dead.length}, refused ${refused.length}, lost ${lost.length}`;
    return [counts, ...faults].join('\n');
  }

  private result(dead: readonly number[]): Result {
    const lines = readFileSync(this.log, 'utf8').trimEnd().split('\n').filter(Boolean).map(toLine);
    const begun = new Map<number, number>();
    const done = new Map<number, number[]>();
    const ids = new Map<number, Set<string>>();
    for (const { what, n, id, at } of lines) {
      if (what === 'begun') begun.set(n, (begun.get(n) ?? 0) + 1);
      else done.set(n, [...(done.get(n) ?? []), at]);
      ids.set(n, (ids.get(n) ?? new Set()).add(id));
    }
    const all = Array.from({ length: this.last }, (_, index) => index + 1);
    const buried = new Set(dead);
    const twice = [...done].filter(([, times]) => times.length > 1);
    return {
      published: this.last,
      handled: done.size,
      redelivered: [...begun.values()].reduce((sum, times) => sum + times - 1, 0),
      twice: twice.length,
      needless: twice.filter(([, [first = 0]]) => !this.isNearFault(first)).map(([n]) => n),
      dead: [...buried].sort((a, b) => a - b),
      refused: this.refusals,
      lost: all.filter((n) => !done.has(n) && !buried.has(n)),
      severalIds: [...ids].filter(([, some]) => some.size > 1).map(([n]) => n),
      poisoned: (every) => all.filter((n) => n % every === 0),
    };
  }

  private isNearFault(at: number): boolean {
    return this.faults.some(({ from, to }) => at > from - BEFORE && at < to + BEHIND);
  }
}

/** What is in the stream of dead messages. */
export async function deadIn(client: NatsConnection): Promise<readonly number[]> {
  const { streams } = await jetstreamManager(client);
  const dead: number[] = [];
  try {
    const { state } = await streams.info(DEAD_STREAM);
    for (let seq = state.first_seq; seq <= state.last_seq; seq++)
      dead.push((await streams.getMessage(DEAD_STREAM, { seq }))!.json<number>());
  } catch {
    // Nobody has died yet.
  }
  return dead;
}

function toLine(text: string): Line {
  const [what = '', n, id = '', at] = text.split(' ');
  return { what, n: Number(n), id, at: Number(at) };
}
