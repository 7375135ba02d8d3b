import { guarded } from '../../trace/guarded';
import type { OnThrow } from '../../trace/IsolatingObservable';
import type { Bus } from './Bus';
import { notOnBus } from '../messageErrors';

/** Something that an agent has on the bus while it is there itself. */
export interface Presence {
  /** Puts it on the bus, and gives the way to take it off. */
  open(bus: Bus): () => void;
  /** The agent has left the bus. */
  end(): void;
  /** It could not be put on the bus. */
  fail(error: unknown): void;
}

/** Where in its life an agent is: before it is on the bus, on it, or after it; or gone with its process. */
export type BusMoment = 'setup' | 'on' | 'finish' | 'gone';

/** When an agent is on its host's bus, and what it has there. */
export class Membership {
  private readonly presences = new Map<Presence, (() => void) | undefined>();

  /** @param onThrow is told what the bus throws when something is taken off it */
  constructor(
    private readonly agent: string,
    private readonly bus: Bus,
    private moment: BusMoment,
    private readonly onThrow: OnThrow,
  ) {}

  get isEmpty(): boolean {
    return this.presences.size === 0;
  }

  join(): void {
    this.moment = 'on';
    for (const presence of [...this.presences.keys()])
      guarded(
        () => {
          this.open(presence);
        },
        (error) => {
          presence.fail(error);
        },
      );
  }

  /** The process has ended: nothing is put on the bus any more, and nothing sent. */
  vanish(): void {
    this.moment = 'gone';
    this.presences.clear();
  }

  get isGone(): boolean {
    return this.moment === 'gone';
  }

  leave(): void {
    if (this.moment === 'finish' || this.isGone) return;
    this.moment = 'finish';
    for (const presence of [...this.presences.keys()]) {
      this.remove(presence);
      guarded(() => {
        presence.end();
      }, this.onThrow);
    }
  }

  /**
   * Has something on the bus for as long as the agent is there. Gives the way to end that before. What the bus throws
   * is thrown on.
   */
  enter(presence: Presence): () => void {
    if (this.isGone) return () => undefined;
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
    if (this.moment !== 'on') throw notOnBus(this.agent, where, this.moment === 'setup' ? 'setup' : 'finish');
    return this.bus;
  }

  /** What the bus throws is told in a task of its own: this may be in the midst of a step of the agent's life. */
  private open(presence: Presence): void {
    // One that came before it may have ended it.
    if (!this.presences.has(presence)) return;
    try {
      const close = presence.open(this.bus);
      if (this.presences.has(presence)) this.presences.set(presence, close);
      else guarded(close, this.onThrow);
    } catch (error) {
      this.presences.delete(presence);
      throw error;
    }
  }

  private remove(presence: Presence): void {
    const close = this.presences.get(presence);
    this.presences.delete(presence);
    if (close !== undefined) guarded(close, this.onThrow);
  }
}
