import type { Agent } from '../../agent/Agent';
import type { ReadDefinition } from '../../agent/definition/readDefinition';
import { Ending } from '../../store/Ending';
import type { KeptPlan } from '../../store/keptBy';
import { Singleton, type SingletonHost } from './Singleton';
import type { Leases, OpenLeases } from '../../store/leases/Leases';

/** What singletons have of their host, beside the leases that are opened for them all. */
export type SingletonsHost = Omit<SingletonHost, 'open' | 'atOnce'>;

/** Those agents of a host of which there is one among all hosts. */
export class Singletons {
  private readonly all = new Map<string, Singleton>();
  /** Those that are about to let go of what they have. */
  private readonly ending = new Set<Promise<void>>();
  private opening: Promise<OpenLeases> | undefined;
  /** Ends the wait for leases that do not open. */
  private readonly over = new Ending();

  /** @param leases none where there is one host only */
  constructor(
    private readonly host: SingletonsHost,
    private readonly leases: Leases | undefined,
  ) {}

  /** What an agent is, if it is one of them. */
  of({ name, singleton }: ReadDefinition): Singleton | undefined {
    const { host, leases } = this;
    if (leases === undefined || singleton === undefined) return undefined;
    const { id, port, name: hostName, scheduler } = host;
    const made = new Singleton(
      {
        id,
        port,
        name: hostName,
        scheduler,
        report: (error) => {
          host.report(error);
        },
        warn: (message) => {
          host.warn(message);
        },
        info: (message) => {
          host.info(message);
        },
        atOnce: leases.atOnce,
        open: () => this.open(leases),
      },
      name,
      singleton,
    );
    this.all.set(name, made);
    return made;
  }

  get(agent: string): Singleton | undefined {
    return this.all.get(agent);
  }

  left({ name }: Agent): void {
    const singleton = this.all.get(name);
    if (singleton === undefined) return;
    this.all.delete(name);
    const ended = singleton.end().finally(() => {
      this.ending.delete(ended);
    });
    this.ending.add(ended);
  }

  async kept(plan: KeptPlan): Promise<void> {
    await Promise.all([...this.all.values()].map(async ({ usedStore }) => usedStore?.kept(plan)));
  }

  /** Lets go of all; it never rejects. */
  async close(): Promise<void> {
    this.over.come();
    await Promise.all(this.ending);
    const { opening } = this;
    this.opening = undefined;
    await opening?.then(
      (leases) => leases.close(),
      () => undefined,
    );
  }

  vanish(): void {
    for (const singleton of this.all.values()) singleton.vanish();
    void this.close();
  }

  private open(leases: Leases): Promise<OpenLeases> {
    if (this.opening === undefined) {
      const { name, scheduler } = this.host;
      const opening = leases.open(name, { scheduler, signal: this.over.signal });
      this.opening = opening;
      opening.catch(() => {
        if (this.opening === opening) this.opening = undefined;
      });
    }
    return this.opening;
  }
}
