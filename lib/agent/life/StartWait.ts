import type { AgentError } from '../../AgentError';
import type { WaitEntry } from '../../trace/Ledger';
import type { HostStore } from '../../store/HostStore';
import type { AgentHost } from '../AgentHost';
import type { Alarms } from './Alarms';
import type { LifeEvent } from './LifeState';

/** Whose start is waited for. */
export interface StartingAgent {
  readonly name: string;
  /** Those that it needs, and that are yet to be ready before it starts. */
  readonly missing: readonly string[];
  send(event: LifeEvent): void;
  /** What is to be open before it starts, if anything of it is durable. */
  readonly store: HostStore | undefined;
  /** The bus cannot be connected, or the store cannot be opened. */
  portFailed(error: AgentError): void;
}

/**
 * What is waited for until an agent is ready: the bus, those that it needs and the store, then what its author says, all of it
 * under one deadline.
 */
export class StartWait {
  /** The present wait, as the ledger shows it. */
  waited: WaitEntry | undefined;
  /** The instant by which it has to be ready, once it has begun. */
  private due: number | undefined;
  private cease: (() => void) | undefined;

  constructor(
    private readonly agent: StartingAgent,
    private readonly host: Pick<AgentHost, 'bus' | 'scheduler'>,
    private readonly alarms: Alarms,
    readonly timeout: number,
  ) {}

  /** Waits for the bus, for those that it needs, and for the store if anything of it is durable. */
  connect(): LifeEvent | undefined {
    const { bus, scheduler } = this.host;
    this.due ??= scheduler.now() + this.timeout;
    if (!bus.connection.isConnected) {
      this.wait('bus', '');
      this.cease = bus.connection.whenConnected({
        connected: () => {
          this.goOn();
        },
        failed: (error) => {
          this.agent.portFailed(error);
        },
      });
      return undefined;
    }
    const { missing } = this.agent;
    if (missing.length > 0) {
      this.wait('needs', missing.join(', '));
      return undefined;
    }
    const { store } = this.agent;
    if (store?.isOpen === false) {
      this.wait('store', '');
      this.cease = store.whenOpen({
        opened: () => {
          this.goOn();
        },
        failed: (error) => {
          this.agent.portFailed(error);
        },
      });
      return undefined;
    }
    this.waited = undefined;
    return 'connected';
  }

  /** Somebody that it may wait for is another one than before. */
  look(): void {
    if (this.waited?.on === 'needs') this.goOn();
  }

  awaitReady(): void {
    this.wait('ready', 'readyWhen');
  }

  ledger(): readonly WaitEntry[] {
    return this.waited === undefined ? [] : [this.waited];
  }

  /** Waits no more in this life. The deadline stands for one that is to be ready in another. */
  suspend(): void {
    this.cease?.();
    this.cease = undefined;
    this.waited = undefined;
  }

  end(): void {
    this.suspend();
    this.due = undefined;
    this.alarms.disarm('overdue');
  }

  private goOn(): void {
    const event = this.connect();
    if (event !== undefined) this.agent.send(event);
  }

  private wait(on: WaitEntry['on'], detail: string): void {
    const since = this.host.scheduler.now();
    this.waited = { kind: 'wait', agent: this.agent.name, stream: '(start)', on, detail, since };
    if (this.due !== undefined) this.alarms.armAt('overdue', this.due);
  }
}
