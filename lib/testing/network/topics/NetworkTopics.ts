import { filter, firstValueFrom } from 'rxjs';
import type { AgentError } from '../../../AgentError';
import type { Fence, Keeping, Taker } from '../../../messages/bus/Bus';
import { type DeliveryPlan, toDeliveryPlan } from '../../../messages/kept/deliveries';
import type { InMemoryBus } from '../../../messages/memory/InMemoryBus';
import { disconnected } from '../../../messages/messageErrors';
import type { Payload } from '../../../messages/payloads/Payload';
import { codeOf } from '../../../readError';
import { FINITE } from '../../../time/queue/rank';
import type { Timers } from '../../../time/queue/Timers';
import type { Draws } from '../Draws';
import type { ServerLink } from '../ServerLink';
import { NameAtHost, type TopicsHost } from './NameAtHost';

/** What durable topics have of the network. */
export interface TopicRoads {
  readonly draws: Draws;
  /** A message is kept: those who are subscribed without a name get it, too. */
  spreadKept(topic: string, payload: Payload): void;
}

/** The durable topics on the servers, as one host has them. */
export class NetworkTopics implements Keeping, TopicsHost {
  readonly plan: DeliveryPlan = toDeliveryPlan({});
  private readonly takers = new Set<{ enter(): void; readonly taken: NameAtHost }>();
  private sent = 0;
  /** When what was published of a topic is kept, or refused. */
  private readonly lines = new Map<string, Promise<void>>();
  /** Which process of the host it is. */
  private life = 0;

  constructor(
    readonly name: string,
    private readonly bus: InMemoryBus,
    private readonly link: ServerLink,
    private readonly roads: TopicRoads,
  ) {
    // eslint-disable-next-line rxjs-x/no-ignored-error -- It never fails.
    bus.status$.subscribe((status) => {
      if (status === 'connected') for (const member of this.takers) member.enter();
      else this.isGone();
    });
  }

  publish(topic: string, of: string, payload: Payload, fence?: Fence): Promise<void> {
    const { bus, link, roads, life, name } = this;
    const { timers } = this;
    const origin = {
      id: `${name}-${++this.sent}`,
      sender: name,
      sentAt: timers.wallNow(),
      traceParent: undefined,
    };
    if (!bus.isOpen) throw disconnected(topic, 'closed');
    return this.inLine(topic, life, () =>
      link.ask(`the message on ${topic}`, timers, FINITE, () => {
        const stream = link.servers.stream(of, roads.draws);
        if (stream.publish(topic, payload, origin, fence)) roads.spreadKept(topic, payload);
        return Promise.resolve();
      }),
    );
  }

  /** Those of one topic one after the other: what has to be sent again stays before what is sent later. */
  private inLine(topic: string, life: number, ask: () => Promise<void>): Promise<void> {
    const { lines } = this;
    const before = lines.get(topic) ?? Promise.resolve();
    const kept = before.then(() => this.atLast(life, ask));
    const done = kept
      .catch(() => undefined)
      .then(() => {
        if (lines.get(topic) === done) lines.delete(topic);
      });
    lines.set(topic, done);
    return kept;
  }

  take(filter: string, of: string, name: string, taker: Taker): () => void {
    const { link, roads, takers, life, timers } = this;
    const served = link.servers.stream(of, roads.draws).named(name, filter, link.servers.timersFor(timers));
    const taken = new NameAtHost(this, served, timers, name, taker);
    const member = {
      taken,
      enter: () => {
        const come = (): Promise<void> =>
          link.ask(`that ${name} takes messages of ${of}`, timers, FINITE, () => {
            served.enter(taken);
            return Promise.resolve();
          });
        this.atLast(life, () => (takers.has(member) ? come() : Promise.resolve())).catch(() => undefined);
      },
    };
    takers.add(member);
    if (this.bus.isConnected) member.enter();
    return () => {
      if (takers.delete(member)) taken.end();
    };
  }

  // What those who take messages ask of it.

  tell(what: string, work: () => void): void {
    if (this.bus.timers !== undefined) this.link.tell(what, this.bus.timers, FINITE, work);
  }

  bring(what: string, arrive: () => void): void {
    const { timers } = this.bus;
    if (timers !== undefined) this.link.bring(what, timers, FINITE, arrive);
  }

  waitBefore(attempt: number): number {
    return this.plan.waitBefore(attempt, () => 0);
  }

  report(error: AgentError): void {
    this.bus.tell(error);
  }

  onError(error: unknown): void {
    this.bus.onError(error);
  }

  private get timers(): Timers {
    const { timers } = this.bus;
    if (timers === undefined) throw disconnected('a durable topic', 'disconnected');
    return timers;
  }

  /** The servers send nothing there any more; what it has got comes again elsewhere, after a while. */
  private isGone(): void {
    this.link.servers.gone(this.name);
    if (this.bus.timers !== undefined) return;
    this.life++;
    this.lines.clear();
    for (const { taken } of this.takers) taken.vanish();
    this.takers.clear();
  }

  /** As often as it takes, when the connection is there: until there is an answer. */
  private async atLast(life: number, ask: () => Promise<void>): Promise<void> {
    for (;;) {
      if (!this.bus.isConnected) await this.connection();
      if (this.life !== life) return NEVER;
      if (!this.bus.isOpen) throw disconnected('a durable topic', 'closed');
      try {
        await ask();
        return;
      } catch (error) {
        if (codeOf(error) !== 'bus-disconnected') throw error;
      }
    }
  }

  /** Resolves when it is connected again, or has been closed. */
  private async connection(): Promise<void> {
    const { status$ } = this.bus;
    await firstValueFrom(status$.pipe(filter((status) => status === 'connected')), {
      defaultValue: 'closed',
    });
  }
}

/** What nobody is there to hear of. */
const NEVER = new Promise<never>(() => undefined);
