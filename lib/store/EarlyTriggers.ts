import type { AgentStore } from './AgentStore';
import type { HostStore } from './HostStore';

/** A trigger, and whether it was brought by the start. */
export interface EarlyTrigger<T> {
  readonly trigger: T;
  readonly isRepeatable: boolean;
}

/** The triggers that a durable part gets before its entries are there. Until they are taken nobody is told that they are kept. */
export class EarlyTriggers<T> {
  private waiting: EarlyTrigger<T>[] | undefined = [];

  constructor(
    private readonly durables: AgentStore,
    private readonly store: HostStore,
  ) {}

  /** Whether the entries are there. */
  get areOver(): boolean {
    return this.waiting === undefined;
  }

  push(trigger: T): void {
    this.waiting?.push({ trigger, isRepeatable: this.durables.isBeginning });
    this.store.untaken.add(this);
  }

  /** The entries are there: those that came before are to be taken now, and then `taken` is to be called. */
  end(): readonly EarlyTrigger<T>[] {
    const { waiting = [] } = this;
    this.waiting = undefined;
    return waiting;
  }

  taken(): void {
    this.store.untaken.remove(this);
  }
}
