import type { Bus } from './Bus';
import type { HostBus } from './HostBus';
import { notOnBus } from './messageErrors';

/** Something that an agent has on the bus while it is there itself. */
export interface Presence {
  /** Puts it on the bus, and gives the way to take it off. */
  open(bus: Bus): () => void;
  /** The agent has left the bus. */
  end(): void;
  /** It could not be put on the bus. */
  failed(error: unknown): void;
}

/** Where in its life an agent is: before it is on the bus, on it, or after it. */
export type BusMoment = 'setup' | 'on' | 'finish';

/** When an agent is on its host's bus, and what it has there. */
export class Membership {
  private readonly presences = new Map<Presence, (() => void) | undefined>();

  constructor(
    private readonly agent: string,
    private readonly hostBus: HostBus,
    private moment: BusMoment,
  ) {}

  get isEmpty(): boolean {
    return this.presences.size === 0;
  }

  join(): void {
    this.moment = 'on';
    for (const presence of this.presences.keys()) this.open(presence);
  }

  leave(): void {
    this.moment = 'finish';
    for (const presence of [...this.presences.keys()]) {
      this.remove(presence);
      this.attempt(() => {
        presence.end();
      });
    }
  }

  /** Has something on the bus for as long as the agent is there. Gives the way to end that before. */
  enter(presence: Presence): () => void {
    if (this.moment === 'finish') {
      presence.end();
      return () => undefined;
    }
    this.presences.set(presence, undefined);
    if (this.moment === 'on') this.open(presence);
    return () => {
      this.remove(presence);
    };
  }

  /**
   * The bus, for something to be sent.
   *
   * @throws AgentError `bus-disconnected` if the agent is not on it
   */
  busFor(where: string): Bus {
    if (this.moment !== 'on') throw notOnBus(this.agent, where, this.moment);
    return this.hostBus.bus;
  }

  /** What the bus throws is told in a task of its own: this may be in the midst of a step of the agent's life. */
  private open(presence: Presence): void {
    try {
      this.presences.set(presence, presence.open(this.hostBus.bus));
    } catch (error) {
      this.presences.delete(presence);
      this.hostBus.later(() => {
        presence.failed(error);
      });
    }
  }

  private remove(presence: Presence): void {
    const close = this.presences.get(presence);
    this.presences.delete(presence);
    if (close !== undefined) this.attempt(close);
  }

  /** What the bus throws, or what is behind a stream, keeps nothing else from being ended. */
  private attempt(end: () => void): void {
    try {
      end();
    } catch (error) {
      this.hostBus.notEnded(this.agent, error);
    }
  }
}
