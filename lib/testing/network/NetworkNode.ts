import type { BusMessage, Reply } from '../../messages/bus/Bus';
import type { InMemoryBus } from '../../messages/memory/InMemoryBus';
import type { Payload } from '../../messages/payloads/Payload';
import { FINITE, type Rank } from '../../time/queue/rank';
import type { Traveller } from './Road';

/** One host on the network: within it, its bus is one in memory. */
export class NetworkNode implements Traveller {
  /** @param known what is retained on the network */
  constructor(
    readonly name: string,
    readonly bus: InMemoryBus,
    private readonly known: () => Iterable<BusMessage>,
  ) {
    // It finds what it has missed, whenever it is back.
    // eslint-disable-next-line rxjs-x/no-ignored-error -- It never fails.
    bus.status$.subscribe((status) => {
      if (status === 'connected') this.learn();
    });
  }

  get isThere(): boolean {
    return this.bus.isConnected;
  }

  get rank(): Rank {
    return this.bus.timers?.present.rank ?? FINITE;
  }

  /** In so many ms; for a host that is gone, never. */
  arm(ms: number, from: number, task: Parameters<Traveller['arm']>[2], rank: Rank): number {
    const { timers } = this.bus;
    if (timers === undefined) return from;
    const due = Math.max(timers.now() + ms, from);
    timers.arm(due, task, rank);
    return due;
  }

  /** Keeps what is retained elsewhere; those who are subscribed hear nothing of it. */
  learn(): void {
    for (const message of this.known()) this.bus.keep(message);
  }

  /** A message of another host has come. */
  arrive(topic: string, payload: Payload, retain: boolean): void {
    if (this.isThere) this.bus.spread(topic, payload, retain);
  }

  /** Whether somebody there is subscribed to a topic. */
  hears(topic: string): boolean {
    return this.bus.hears(topic);
  }

  /** What hosts of a group share of a topic, as far as this one is among them. */
  sharesOf(topic: string): readonly string[] {
    return this.isThere ? this.bus.sharesOf(topic) : [];
  }

  /** A message has come that is for this host, of all in a group. */
  arriveShared(share: string, topic: string, payload: Payload): void {
    if (this.isThere) this.bus.spreadShare(share, topic, payload);
  }

  /** A call of another host has come. */
  answer(procedure: string, payload: Payload, onAnswer: (reply: Reply) => void): () => void {
    return this.isThere ? this.bus.ask(procedure, payload, onAnswer) : () => undefined;
  }

  serves(procedure: string): boolean {
    return this.isThere && this.bus.servers.has(procedure);
  }

  onError(error: unknown): void {
    this.bus.onError(error);
  }
}
