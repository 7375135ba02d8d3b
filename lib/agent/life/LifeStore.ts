import type { AgentError } from '../../AgentError';
import type { Coder, DurableLife } from '../../store/AgentStore';
import type { HostStore } from '../../store/HostStore';
import type { AgentHost } from '../AgentHost';
import { payloadCoder } from '../context/payloadCoder';

/** The life that is durable in parts. */
export interface BeginningLife {
  readonly agent: string;
  /** Whether what happens now is brought by the start. */
  readonly isBeginning: boolean;
  /** Whether it stops. */
  readonly isHalted: boolean;
  /** Whether what happens now is brought by the stop itself. */
  readonly isEnding: boolean;
  tell(error: AgentError): void;
}

/** What the durable parts of a life have of its host. */
export class LifeStore implements DurableLife {
  readonly coder: Coder = payloadCoder;

  constructor(
    private readonly life: BeginningLife,
    private readonly host: AgentHost,
  ) {}

  get agent(): string {
    return this.life.agent;
  }

  get isBeginning(): boolean {
    return this.life.isBeginning;
  }

  get isStopping(): boolean {
    return this.life.isHalted && !this.life.isEnding;
  }

  get hostName(): string {
    return this.host.homeOf(this.agent);
  }

  get store(): HostStore | undefined {
    return this.host.storeOf(this.agent);
  }

  tell(error: AgentError): void {
    this.life.tell(error);
  }

  warn(message: string): void {
    this.host.log.warn(message, { agent: this.agent });
  }
}
