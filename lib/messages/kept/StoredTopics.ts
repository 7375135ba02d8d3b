import type { AgentError } from '../../AgentError';
import type { HostStore } from '../../store/HostStore';
import { BUS, checkKeyPart } from '../../store/keys';
import { captureContext } from '../../time/present/Context';
import { FINITE } from '../../time/queue/rank';
import type { Scheduler } from '../../time/queue/Scheduler';
import type { RandomSource } from '../../time/spans/random';
import type { Keeping, Taker } from '../bus/Bus';
import { Dispatch } from '../memory/Dispatch';
import { tooManyUnkept } from '../messageErrors';
import type { Payload } from '../payloads/Payload';
import { Router } from '../topics/Router';
import type { DeliveryPlan } from './deliveries';
import { Mailbox, type MailboxOwner } from './Mailbox';
import { KeptEntry } from './KeptEntry';
import { Unkept } from './Unkept';

/** So many messages may wait for a store that refuses what it is given. */
const MOST_UNKEPT = 10_000;

/** Where messages are kept: a host's store. */
export type MessageStore = Pick<
  HostStore,
  'isOpen' | 'whenOpen' | 'shelf' | 'shelvesOf' | 'journal' | 'numbers' | 'untaken'
>;

/** The host whose topics they are. */
export interface TopicsHost {
  readonly name: string;
  readonly scheduler: Scheduler;
  readonly random: RandomSource;
  report(error: AgentError): void;
  observerFailed(error: unknown): void;
}

/** A name under which messages are kept, and nobody takes them. */
export interface Unclaimed {
  readonly name: string;
  readonly size: number;
}

/**
 * Durable topics in a host's own store: what is published is written for each name under which it is taken, in the batch
 * of the turn that publishes it, and removed in that of the turn that has dealt with it.
 */
export class StoredTopics implements Keeping, MailboxOwner {
  readonly host: string;
  readonly scheduler: Scheduler;
  readonly random: RandomSource;
  readonly dispatch: Dispatch;
  isOver = false;
  private readonly mailboxes = new Map<string, Mailbox>();
  private readonly router = new Router<Mailbox>();
  private readonly unkept: Unkept;
  private hasRestored = false;

  constructor(
    private readonly owner: TopicsHost,
    private readonly store: MessageStore,
    readonly plan: DeliveryPlan,
  ) {
    this.host = owner.name;
    this.scheduler = owner.scheduler;
    this.random = owner.random;
    this.unkept = new Unkept(store.journal);
    this.dispatch = new Dispatch({
      timers: owner.scheduler,
      onError: (error) => {
        this.onError(error);
      },
    });
  }

  /** Whether there is a name under which messages are taken. */
  get isInUse(): boolean {
    return this.mailboxes.size > 0;
  }

  /** Resolves when it is written; it is kept when the store has kept what was written. */
  publish(topic: string, _of: string, payload: Payload): Promise<void> {
    const { store, scheduler } = this;
    if (this.isStuck && this.unkept.size >= MOST_UNKEPT) throw tooManyUnkept(topic, this.unkept.size);
    const sentAt = scheduler.wallNow();
    const { rank } = scheduler.present;
    const context = captureContext();
    const write = (): void => {
      const mailboxes = this.router.find(topic);
      if (mailboxes.length === 0) return;
      const number = String(store.numbers.next());
      for (const mailbox of mailboxes) {
        const entry = new KeptEntry(number, topic, payload, sentAt, 0, store.journal.batch, rank, context);
        mailbox.write(entry);
        this.unkept.push(mailbox, entry);
      }
    };
    if (!store.isOpen) return this.whenOpen(write);
    this.restore();
    write();
    return WRITTEN;
  }

  take(filter: string, _of: string, name: string, taker: Taker): () => void {
    let leave: (() => void) | undefined;
    let hasLeft = false;
    const enter = (): void => {
      if (hasLeft || this.isOver) return;
      this.restore();
      leave = this.claim(`${name} ${filter}`, taker.agent).enter(taker);
    };
    checkKeyPart(taker.agent, 'durable', `${name} ${filter}`);
    if (this.store.isOpen) enter();
    else
      this.whenOpen(enter).catch((error: unknown) => {
        // A host of its own store has refused the start of the agent, too.
        this.owner.report(error as AgentError);
      });
    return () => {
      hasLeft = true;
      leave?.();
    };
  }

  /** The names under which an agent took messages, and nobody does any more, with how many are kept for each. */
  *unclaimedBy(agent: string): IterableIterator<Unclaimed> {
    this.restore();
    for (const [name, mailbox] of this.mailboxes)
      if (!mailbox.isTaken && this.takerOf(name) === agent) yield { name, size: mailbox.size };
  }

  end(): void {
    this.isOver = true;
    for (const mailbox of this.mailboxes.values()) mailbox.end();
  }

  // What mailboxes ask of it.

  get isStuck(): boolean {
    return this.store.journal.failure !== undefined;
  }

  whenKept(then: () => void): void {
    this.store.journal.whenKept({ kept: then, refused: () => undefined });
  }

  onError(error: unknown): void {
    this.owner.observerFailed(error);
  }

  report(error: AgentError): void {
    this.owner.report(error);
  }

  private claim(name: string, agent: string): Mailbox {
    const takers = this.takers(name);
    if (takers.get(ID) !== agent) takers.put(ID, agent);
    return this.mailbox(name);
  }

  private mailbox(name: string): Mailbox {
    let mailbox = this.mailboxes.get(name);
    if (mailbox === undefined) {
      const { store } = this;
      mailbox = new Mailbox(
        name,
        store.shelf(BUS, 'message', name),
        () => store.shelf(BUS, 'dead', name),
        this,
      );
      this.mailboxes.set(name, mailbox);
      this.router.add(name.slice(name.lastIndexOf(' ') + 1), mailbox);
    }
    return mailbox;
  }

  /** The names of earlier lives are known, and what is kept for them. */
  private restore(): void {
    if (this.hasRestored) return;
    this.hasRestored = true;
    const names = [...this.store.shelvesOf(BUS)]
      .filter(({ kind }) => kind === 'taker')
      .map(({ name }) => name);
    for (const name of names) {
      const mailbox = this.mailbox(name);
      const { entries } = this.store.shelf(BUS, 'message', name);
      const numbers = [...entries.keys()].sort((one, other) => Number(one) - Number(other));
      for (const number of numbers) {
        const kept = entries.get(number);
        if (kept !== undefined) mailbox.add(KeptEntry.read(number, kept, FINITE));
      }
    }
  }

  private takerOf(name: string): unknown {
    return this.takers(name).get(ID);
  }

  private takers(name: string) {
    return this.store.shelf(BUS, 'taker', name);
  }

  private whenOpen(then: () => void): Promise<void> {
    const { store } = this;
    return new Promise((resolve, reject) => {
      const waiting = {};
      store.untaken.add(waiting);
      store.whenOpen({
        opened: () => {
          this.restore();
          then();
          store.untaken.remove(waiting);
          resolve();
        },
        failed: (error) => {
          store.untaken.remove(waiting);
          reject(error);
        },
      });
    });
  }
}

const ID = '1';
const WRITTEN = Promise.resolve();
