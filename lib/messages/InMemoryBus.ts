import type { Observable } from 'rxjs';
import { AgentError } from '../AgentError';
import { Backlog } from '../handlers/Backlog';
import { IntrusiveList } from '../handlers/IntrusiveList';
import { StateOutlet } from '../trace/StateOutlet';
import type { Rank } from '../time/rank';
import type { Task } from '../time/Timers';
import type { BusContext, BusMessage, BusStatus, Reply, Server } from './Bus';
import { Exchange } from './Exchange';
import { type Payload, refuseTooLarge } from './json';
import { disconnected, duplicateServer } from './messageErrors';
import type { MemoryBus } from './memoryBus';
import { matches } from './pattern';
import { Router } from './Router';

/** So much is delivered by one task; then others have their turn. */
const PER_TASK = 1000;
/** So many times calls are brought in a microtask before others have a turn of the host. */
const HOPS_PER_TURN = 100;
const SOON = Promise.resolve();

type Listener = (message: BusMessage) => void;

class Subscriber {
  isOpen = true;
  constructor(readonly listener: Listener) {}
}

/** A message on its way to those who were subscribed when it was published, with the rank of what published it. */
interface Parcel {
  readonly message: BusMessage;
  readonly to: readonly Subscriber[];
  readonly rank: Rank;
}

/**
 * A bus within one process. What is published is delivered by a task of the host's scheduler at the same instant,
 * behind all that was published before it.
 */
export class InMemoryBus implements MemoryBus, Task {
  private readonly status = new StateOutlet<BusStatus>((error) => this.context?.onError(error));
  private current: BusStatus = 'disconnected';
  private context: BusContext | undefined;
  private readonly router = new Router<Subscriber>();
  private readonly retained = new Map<string, BusMessage>();
  private readonly servers = new Map<string, Server>();
  private readonly exchanges = new IntrusiveList<Exchange>();
  private readonly queue = new Backlog<Parcel | Exchange>();
  /** The requests that are brought in the next microtask, and how many such there have been since the last task. */
  private readonly calls = new Backlog<Exchange>();
  private hops = 0;
  /** The rank of the task that is armed, if there is one. */
  private armed: Rank | undefined;

  constructor() {
    this.status.next(this.current);
  }

  get status$(): Observable<BusStatus> {
    return this.status.$;
  }

  connect(context: BusContext): void {
    if (this.context !== undefined)
      throw new AgentError(
        'bad-option',
        'This bus serves another host already. Give each host a bus of its own.',
      );
    this.context = context;
    this.enter('connected');
  }

  close(): Promise<void> {
    this.enter('closed');
    this.status.complete();
    return Promise.resolve();
  }

  /** Loses the connection, as a bus across a network may. What has been published before still arrives. */
  drop(): void {
    if (this.current !== 'connected') return;
    this.enter('disconnected');
    for (const exchange of this.exchanges.toArray())
      exchange.answer({ isOk: false, code: 'bus-disconnected', message: 'the bus has lost its connection' });
  }

  /** Finds the connection again. Subscriptions and servers are what they were. */
  restore(): void {
    if (this.current === 'disconnected' && this.context !== undefined) this.enter('connected');
  }

  publish(topic: string, payload: Payload, retain: boolean): void {
    this.check(topic, payload);
    const message = { topic, payload };
    if (retain) this.retained.set(topic, message);
    const to = this.router.find(topic);
    if (to.length > 0) this.deliver(message, to);
  }

  subscribe(filter: string, listener: Listener): () => void {
    const subscriber = new Subscriber(listener);
    const remove = this.router.add(filter, subscriber);
    for (const message of this.retainedFor(filter)) this.deliver(message, [subscriber]);
    return () => {
      subscriber.isOpen = false;
      remove();
    };
  }

  request(procedure: string, payload: Payload, answer: (reply: Reply) => void): () => void {
    this.check(procedure, payload);
    const exchange = new Exchange(procedure, payload, this.rank, answer, this.exchanges);
    this.bring(exchange);
    return () => {
      exchange.callOff();
    };
  }

  serve(procedure: string, server: Server): () => void {
    if (this.servers.has(procedure)) throw duplicateServer(procedure);
    this.servers.set(procedure, server);
    return () => {
      if (this.servers.get(procedure) === server) this.servers.delete(procedure);
    };
  }

  /**
   * A call whose server is idle is not worth a turn of the host: it is delivered in a microtask, if nothing that was
   * published before it is under way. Calls that go on and on leave others a turn now and then.
   */
  private bring(exchange: Exchange): void {
    const { calls } = this;
    if (this.queue.size > 0 || this.hops === HOPS_PER_TURN) {
      this.enqueue(exchange);
      return;
    }
    calls.push(exchange);
    if (calls.size > 1) return;
    this.hops++;
    void SOON.then(this.beginCalls);
  }

  private readonly beginCalls = (): void => {
    const { calls, context } = this;
    if (context === undefined) return;
    const { rank } = context.timers;
    for (let count = calls.size; count > 0; count--) this.handOver(calls.shift());
    context.timers.rank = rank;
    // A server may have called another one.
    if (calls.size > 0 && this.hops++ < HOPS_PER_TURN) void SOON.then(this.beginCalls);
    else while (calls.size > 0) this.enqueue(calls.shift());
  };

  /** Delivers what is under way, but no more than that: what comes of it has a task of its own. */
  run(): void {
    this.armed = undefined;
    this.hops = 0;
    const { queue } = this;
    for (let count = Math.min(queue.size, PER_TASK); count > 0; count--) this.handOver(queue.shift());
    if (queue.size > 0) this.arm();
  }

  fail(error: unknown): void {
    this.context?.onError(error);
  }

  private handOver(item: Parcel | Exchange): void {
    if (this.context !== undefined) this.context.timers.rank = item.rank;
    if (item instanceof Exchange) {
      this.attempt(() => {
        item.begin(this.servers.get(item.procedure));
      });
      return;
    }
    for (const subscriber of item.to) {
      if (!subscriber.isOpen) continue;
      try {
        subscriber.listener(item.message);
      } catch (error) {
        this.fail(error);
      }
    }
  }

  private attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.fail(error);
    }
  }

  private deliver(message: BusMessage, to: readonly Subscriber[]): void {
    this.enqueue({ message, to, rank: this.rank });
  }

  private enqueue(item: Parcel | Exchange): void {
    this.queue.push(item);
    if (this.armed === undefined || item.rank < this.armed) this.arm(item.rank);
  }

  /** Before the bus is connected nothing can be under way but what is retained, and that is nothing. */
  private arm(rank: Rank = this.rank): void {
    const { context } = this;
    if (context === undefined) return;
    this.armed = rank;
    context.timers.arm(context.timers.now(), this, rank);
  }

  private get rank(): Rank {
    return this.context?.timers.rank ?? 0;
  }

  private check(where: string, payload: Payload): void {
    if (this.current !== 'connected') throw disconnected(where, this.current);
    refuseTooLarge(where, payload);
  }

  private *retainedFor(filter: string): Iterable<BusMessage> {
    const exact = this.retained.get(filter);
    if (exact !== undefined) {
      yield exact;
      return;
    }
    const segments = filter.split('/');
    for (const message of this.retained.values())
      if (matches(segments, message.topic.split('/'))) yield message;
  }

  private enter(status: BusStatus): void {
    this.current = status;
    this.status.next(status);
  }
}
