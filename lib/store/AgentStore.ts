import type { AgentError } from '../AgentError';
import { HeldOutputs } from './HeldOutputs';
import type { HostStore } from './HostStore';
import type { Json } from './Json';
import { checkKeyPart, type Kind } from './keys';
import type { Shelf } from './Shelf';
import { cannotKeep, claimedTwice, noStore } from './storeErrors';

/** Turns values into JSON and back, by their schema where they have one. It throws what is wrong with them. */
export interface Coder {
  write(where: string, value: unknown, schema: unknown): Json;
  read(where: string, value: Json, schema: unknown): unknown;
  isSchema(given: unknown): boolean;
}

/** The life of the agent that has the durable parts. */
export interface DurableLife {
  readonly agent: string;
  readonly hostName: string;
  readonly store: HostStore | undefined;
  readonly coder: Coder;
  /** Whether what happens now is brought by the start. */
  readonly isBeginning: boolean;
  /** Whether it stops, and what happens now is brought by something else than `stop$` or `finish$`. */
  readonly isStopping: boolean;
  tell(error: AgentError): void;
  warn(message: string): void;
}

/** A durable part of an agent, as long as it is subscribed. */
export interface Claim {
  readonly name: string;
  /** Its entries of a kind. */
  shelf(kind: Kind): Shelf;
  /** Asked of a trigger that the start brings: whether the start of an earlier life has brought one. */
  isRepeatedStart(): boolean;
  end(): void;
}

/**
 * What is durable in one life of an agent: who is at work under which name, and what the start of that life is to them.
 *
 * A start is no new trigger for what outlives it: what `start$` has brought to a durable part once, it does not bring
 * again in the next life.
 */
export class AgentStore {
  /** Whether anything of the agent is durable, or has been. */
  isUsed = false;
  private readonly names = new Set<string>();
  private readonly begun = new Map<string, boolean>();
  private outputs: HeldOutputs | undefined;
  private restorers: (() => void)[] | undefined = [];
  private starters: (() => void)[] | undefined = [];

  constructor(private readonly life: DurableLife) {}

  get host(): HostStore | undefined {
    return this.life.store;
  }

  get isBeginning(): boolean {
    return this.life.isBeginning;
  }

  get isStopping(): boolean {
    return this.life.isStopping;
  }

  get agent(): string {
    return this.life.agent;
  }

  /** What is the same wherever the agent's part of that name goes on. */
  pathOf(name: string): string {
    const { hostName, agent } = this.life;
    return `${hostName}/${agent}/${name}`;
  }

  /** @throws AgentError `no-store` */
  demand(what: string): HostStore {
    const { agent, hostName, store } = this.life;
    if (store === undefined) throw noStore(agent, what, hostName);
    return store;
  }

  /** Something of the agent is durable that is not its own: its start waits for the store. */
  use(): void {
    this.isUsed = true;
  }

  /**
   * Begins the work of a durable part.
   *
   * @throws AgentError `no-store`, `duplicate-durable`, `bad-option`
   */
  claim(name: string): Claim {
    const { agent } = this.life;
    const store = this.demand(`'${name}'`);
    checkKeyPart(agent, 'durable', name);
    if (this.names.has(name)) throw claimedTwice(agent, name);
    this.names.add(name);
    this.isUsed = true;
    return {
      name,
      shelf: (kind) => store.shelf(agent, kind, name),
      isRepeatedStart: () => this.hasBegun(store, name),
      end: () => {
        this.names.delete(name);
      },
    };
  }

  /** Shows something to others, when what was written so far is kept. */
  show(show: () => void): void {
    const { store } = this.life;
    if (store === undefined || !this.isUsed) show();
    else (this.outputs ??= new HeldOutputs(store.journal)).offer(show);
  }

  /** The agent ends as it should. */
  end(): void {
    this.outputs?.showAll();
  }

  /** Calls back right before `start$`, when the entries are there; at once if that has been. */
  whenRestored(restore: () => void): void {
    if (this.restorers === undefined) restore();
    else this.restorers.push(restore);
  }

  get hasStarted(): boolean {
    return this.starters === undefined;
  }

  /** Calls back right after `start$`; at once if that has been. */
  whenStarted(start: () => void): void {
    if (this.starters === undefined) start();
    else this.starters.push(start);
  }

  restore(): void {
    const { restorers = [] } = this;
    this.restorers = undefined;
    for (const restore of restorers) restore();
  }

  started(): void {
    const { starters = [] } = this;
    this.starters = undefined;
    for (const start of starters) start();
  }

  /** Tells of names under which something is kept, and which nobody claims. */
  tellUnclaimed(): void {
    const { agent, store } = this.life;
    if (store === undefined) return;
    const kept = new Map<string, string[]>();
    for (const { kind, name, shelf } of store.shelvesOf(agent)) {
      if (this.names.has(name) || !CLAIMED.has(kind)) continue;
      const said = `${shelf.entries.size} of kind ${kind}`;
      kept.set(name, [...(kept.get(name) ?? []), said]);
    }
    for (const [name, what] of kept)
      this.life.warn(
        `${agent}: nobody claims what is kept as '${name}' (${what.join(', ')}). It stays; see 'rx-agent-kit store list', or drop it there.`,
      );
  }

  /** @throws AgentError `cannot-keep` */
  write(where: string, value: unknown, schema?: unknown): Json {
    try {
      return this.life.coder.write(where, value, schema);
    } catch (cause) {
      throw cannotKeep(this.life.agent, cause);
    }
  }

  read(where: string, value: Json, schema?: unknown): unknown {
    return this.life.coder.read(where, value, schema);
  }

  tell(error: AgentError): void {
    this.life.tell(error);
  }

  private hasBegun(store: HostStore, name: string): boolean {
    const known = this.begun.get(name);
    if (known !== undefined) return known;
    const shelf = store.shelf(this.life.agent, 'begun', name);
    const had = shelf.get('1') !== undefined;
    this.begun.set(name, had);
    if (!had) shelf.put('1', true);
    return had;
  }
}

const CLAIMED: ReadonlySet<Kind> = new Set<Kind>(['timer', 'job', 'state']);
