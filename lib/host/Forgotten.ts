import type { HostStore } from '../store/HostStore';
import { BUS, type Kind } from '../store/keys';
import { formatMs } from '../time/spans/duration';
import { ENDLESS } from '../time/queue/rank';
import type { Scheduler } from '../time/queue/Scheduler';
import { NO_SLOT } from '../time/queue/TimerQueue';
import type { Task } from '../time/queue/Timers';

/** How long after a start others may still follow, in ms. */
const GRACE = 10_000;

/** What of an agent waits for it; all else that is kept of it goes with that, or is to be looked at. */
const WAITING: ReadonlySet<Kind> = new Set<Kind>(['timer', 'job', 'state']);

export interface ForgottenHost {
  readonly name: string;
  readonly scheduler: Scheduler;
  /** The store, if it has been used. */
  readonly usedStore: HostStore | undefined;
  warn(message: string): void;
}

/** Tells of agents for which something is kept, and which nobody starts. */
export class Forgotten implements Task {
  private readonly seen = new Set<string>();
  /** Those of whom something is kept, and who have not been seen; known once the store is open. */
  private missing: Set<string> | undefined;
  private slot = NO_SLOT;

  constructor(private readonly host: ForgottenHost) {}

  /** An agent is set up. */
  saw(agent: string): void {
    this.seen.add(agent);
    if (this.missing?.delete(agent) === true && this.missing.size === 0) this.vanish();
  }

  /** Agents have started, and the store is open: others may follow. */
  look(): void {
    this.missing ??= new Set([...this.kept()].filter((agent) => !this.seen.has(agent)));
    if (this.slot !== NO_SLOT || this.missing.size === 0) return;
    const { scheduler } = this.host;
    this.slot = scheduler.arm(scheduler.now() + GRACE, this, ENDLESS);
  }

  /** The host stops: nobody follows any more. */
  end(): void {
    if (this.slot === NO_SLOT) return;
    this.vanish();
    this.tell();
  }

  vanish(): void {
    if (this.slot !== NO_SLOT) this.host.scheduler.disarm(this.slot);
    this.slot = NO_SLOT;
  }

  run(): void {
    this.slot = NO_SLOT;
    this.tell();
  }

  fail(error: unknown): void {
    throw error;
  }

  private tell(): void {
    const { name, usedStore } = this.host;
    for (const agent of this.missing ?? []) {
      const what: string[] = [];
      for (const { kind, name: durable, shelf } of usedStore?.shelvesOf(agent) ?? [])
        if (WAITING.has(kind)) what.push(`${shelf.entries.size} of kind ${kind} as '${durable}'`);
      if (what.length === 0) continue;
      this.host.warn(
        `The store of ${name} keeps what is of '${agent}' (${what.join(', ')}), which nobody has started within ${formatMs(GRACE)}. It stays; see 'rx-agent-kit store list', or drop it there.`,
      );
    }
    this.missing?.clear();
  }

  private *kept(): IterableIterator<string> {
    for (const agent of this.host.usedStore?.agents() ?? []) if (agent !== BUS) yield agent;
  }
}
