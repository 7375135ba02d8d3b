import type { Agent } from '../../agent/Agent';
import type { StartObserver } from '../../agent/Settlement';
import { AgentError, messageOf } from '../../AgentError';
import type { Lease } from '../../messages/kept/HostTopics';
import { HostStore, type StoreOwner } from '../../store/HostStore';
import type { Store } from '../../store/Store';
import { formatMs } from '../../time/spans/duration';
import { LeaseKeeper, type LeaseOwner } from './LeaseKeeper';
import type { LeasesAtOnce, OpenLeases } from '../../store/leases/Leases';

/** What a singleton has of its host. */
export interface SingletonHost extends StoreOwner {
  /** Names the host as no other is named. */
  readonly id: string;
  readonly port: Store | undefined;
  /** What of the leases can be had without waiting, if anything. */
  readonly atOnce: LeasesAtOnce | undefined;
  open(): Promise<OpenLeases>;
  info(message: string): void;
}

/**
 * An agent that one host runs, of all that have it: it lives here while this host has the lease. What is durable in it
 * stands under its own name, so that it goes on wherever the lease goes, and each write bears the lease's number.
 */
export class Singleton implements LeaseOwner, Lease {
  usedStore: HostStore | undefined;
  private agent: Agent | undefined;
  private observer: StartObserver | undefined;
  private keeper: LeaseKeeper | undefined;
  /** The number under which its lease was taken, as long as nobody has said that it is over. */
  private taken: number | undefined;
  private isOver = false;
  private hasComplained = false;

  constructor(
    private readonly host: SingletonHost,
    readonly name: string,
    /** How long a lease is, in ms. */
    private readonly span: number,
  ) {}

  /** Undefined where it is over by the clock, too, whose timer may be late. */
  get fence(): number | undefined {
    return this.keeper === undefined || this.keeper.isHeld ? this.taken : undefined;
  }

  lose(): void {
    this.keeper?.lose();
  }

  /** The store as of the present lease, made for the first durable part. */
  get store(): HostStore | undefined {
    const { host, name, taken } = this;
    if (host.port !== undefined && this.usedStore === undefined) {
      const { scheduler, port } = host;
      const owner: StoreOwner = {
        name: `singleton/${name}`,
        scheduler,
        ...(taken !== undefined && { fence: taken }),
        report: (error) => {
          host.report(error);
          if (error.code === 'store-fenced') this.lose();
        },
        warn: (message) => {
          host.warn(message);
        },
      };
      this.usedStore = new HostStore(port, owner);
    }
    return this.usedStore;
  }

  /**
   * Stands by, and starts the agent each time when it is its turn. If that is now, it is set up here, as any other
   * agent, and what it throws is thrown here.
   */
  begin(agent: Agent, observer: StartObserver): void {
    const { host, name } = this;
    const { atOnce } = host;
    this.agent = agent;
    const fence = atOnce?.take(name, host.id);
    this.taken = fence;
    if (atOnce === undefined || fence === undefined) {
      this.observer = observer;
      agent.standBy();
      this.keep((keeper) => {
        keeper.begin();
      });
      return;
    }
    atOnce.whenShared(() => {
      this.keep((keeper) => {
        keeper.goOn(fence);
      });
    });
    agent.setUp(observer);
  }

  /** The agent is gone for good: what it has kept is kept, and another host may go on with it. */
  async end(): Promise<void> {
    this.isOver = true;
    const { keeper, usedStore, host, name } = this;
    this.usedStore = undefined;
    await usedStore?.close();
    if (keeper === undefined) host.atOnce?.free(name, host.id);
    else await keeper.release();
  }

  vanish(): void {
    this.isOver = true;
    this.keeper?.vanish();
    this.usedStore?.vanish();
  }

  // What the lease says.

  gained(fence: number): void {
    this.taken = fence;
    this.hasComplained = false;
    this.host.info(`${this.name} runs here from now on, by lease ${fence}.`);
    const { observer = this.late } = this;
    this.observer = undefined;
    this.agent?.takeTurn(observer);
  }

  lost(): void {
    const because = `its lease is over, and another host may have ${this.name}`;
    this.taken = undefined;
    this.host.warn(`${this.name} does not run here any more: ${because}.`);
    // Nothing is written any more, not even what the stop may lead to.
    void this.usedStore?.release();
    this.usedStore = undefined;
    this.agent?.standBy(because);
  }

  standsBy(holder: string): void {
    this.host.info(`${this.name} stands by here: ${holder} has it.`);
    this.endStart((waiting) => {
      waiting.ready();
    });
  }

  failed(error: unknown): void {
    if (this.hasComplained) return;
    this.hasComplained = true;
    const message = `The leases do not answer: ${messageOf(error)}. ${this.name} stays where it is for ${formatMs(this.span)} at most; it is tried again.`;
    this.host.report(new AgentError('lease-failed', message, { agent: this.name, cause: error }));
  }

  private keep(begin: (keeper: LeaseKeeper) => void): void {
    const { host, name, span } = this;
    if (this.isOver) return;
    host.open().then(
      (leases) => {
        if (this.isOver) return;
        this.keeper = new LeaseKeeper(leases, name, host.id, span, host.scheduler, this);
        begin(this.keeper);
      },
      (error: unknown) => {
        this.endStart((waiting) => {
          waiting.failed(error);
        });
        this.agent?.shutDown(() => undefined);
      },
    );
  }

  /** Nobody waits for a start that comes when somebody else has failed. */
  private readonly late: StartObserver = {
    ready: () => undefined,
    failed: (error) => {
      const message = `${this.name} could not start when it was its turn: ${messageOf(error)}`;
      this.host.report(new AgentError('start-failed', message, { agent: this.name, cause: error }));
    },
  };

  private endStart(tell: (waiting: StartObserver) => void): void {
    const { observer } = this;
    this.observer = undefined;
    if (observer !== undefined) tell(observer);
  }
}
