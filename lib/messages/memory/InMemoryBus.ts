import type { Observable } from 'rxjs';
import { AgentError } from '../../AgentError';
import { IntrusiveList } from '../../handlers/policies/IntrusiveList';
import { StateOutlet } from '../../trace/StateOutlet';
import type { Bus, BusContext, BusMessage, BusStatus, Keeping, Reply, Server } from '../bus/Bus';
import { type DeliveryPlan, toDeliveryPlan } from '../kept/deliveries';
import { Dispatch } from './Dispatch';
import type { Timers } from '../../time/queue/Timers';
import { Exchange, type Exchanges } from '../calls/Exchange';
import type { Leases } from '../../store/leases/Leases';
import { refuseTooLarge } from '../payloads/json';
import type { Payload } from '../payloads/Payload';
import type { Reading } from '../payloads/Reading';
import { disconnected, duplicateServer } from '../messageErrors';
import { Listener, Parcel } from './Parcel';
import { SharedListeners } from './SharedListeners';
import type { Uplink } from './Uplink';
import { Retained } from '../topics/Retained';
import { Router } from '../topics/Router';

/** A bus that can be made to lose its connection, to see how agents take that. */
export interface MemoryBus extends Bus {
  /** Loses the connection: nothing can be sent, and open calls fail. What was published before still arrives. */
  drop(): void;
  /** Finds the connection again; subscriptions and servers are what they were. */
  restore(): void;
}

/** What hands over what is sent. */
type Way = Pick<Dispatch, 'rank' | 'isEmpty' | 'send' | 'sendSoon'>;

/**
 * A bus within one process. Messages are delivered by a task of the host's scheduler at the same instant, behind all
 * that was sent before them.
 */
export class InMemoryBus implements MemoryBus, Exchanges {
  readonly servers = new Map<string, Server>();
  readonly open = new IntrusiveList<Exchange>();
  private router = new Router<Listener>();
  private shared = new SharedListeners();
  private retained = new Retained();
  private readonly status = new StateOutlet<BusStatus>((error) => {
    this.onError(error);
  });
  /** Where other hosts are, if there are any. */
  uplink: Uplink | undefined;
  /** Which of those hosts has which singleton. */
  leases?: Leases;
  /** Who keeps the messages of durable topics for all of those hosts. */
  keeping?: Keeping;
  private current: BusStatus = 'disconnected';
  private context: BusContext | undefined;
  /** There is one as soon as the bus is connected; before that nothing is sent. */
  private dispatch!: Way;

  constructor(readonly deliveries: DeliveryPlan = toDeliveryPlan({})) {
    this.status.next(this.current);
  }

  /** Whether it is not closed for good. */
  get isOpen(): boolean {
    return this.current !== 'closed';
  }

  get isConnected(): boolean {
    return this.current === 'connected';
  }

  /** The scheduler of the host that has it, if one has. */
  get timers(): Timers | undefined {
    return this.context?.timers;
  }

  get status$(): Observable<BusStatus> {
    return this.status.$;
  }

  connect(context: BusContext): void {
    if (this.context !== undefined) {
      const message = 'This bus serves another host already. Give each host a bus of its own.';
      throw new AgentError('bad-option', message);
    }
    this.context = context;
    this.dispatch = this.dispatchOn(context);
    this.enter('connected');
  }

  close(): Promise<void> {
    this.enter('closed');
    this.status.complete();
    return Promise.resolve();
  }

  /** The process of its host has ended: it forgets all, and another host may connect it. */
  protected forget(): void {
    this.servers.clear();
    for (const exchange of this.open.toArray()) this.open.remove(exchange);
    this.router = new Router<Listener>();
    this.shared = new SharedListeners();
    this.retained = new Retained();
    this.context = undefined;
    this.enter('disconnected');
  }

  drop(): void {
    if (this.current !== 'connected') return;
    this.enter('disconnected');
    for (const exchange of this.open.toArray())
      exchange.answer({ isOk: false, code: 'bus-disconnected', message: 'the bus has lost its connection' });
    this.uplink?.dropped();
  }

  restore(): void {
    if (this.current === 'disconnected' && this.context !== undefined) this.enter('connected');
  }

  publish(topic: string, payload: Payload, retain: boolean, reading?: Reading): void {
    this.check(topic, payload, reading);
    this.spread(topic, payload, retain, reading);
    if (this.uplink !== undefined) this.uplink.published(topic, payload, retain);
    else for (const share of this.sharesOf(topic)) this.spreadShare(share, topic, payload, reading);
  }

  subscribe(filter: string, hear: (message: BusMessage) => void, group?: string): () => void {
    const listener = new Listener(hear, (error) => {
      this.onError(error);
    });
    const remove =
      group === undefined ? this.router.add(filter, listener) : this.shared.add(group, filter, listener);
    for (const { topic, payload } of this.retained.for(filter))
      this.dispatch.send(new Parcel(topic, payload, this.dispatch.rank, [listener]));
    return () => {
      listener.isOpen = false;
      remove();
    };
  }

  request(
    procedure: string,
    payload: Payload,
    onAnswer: (reply: Reply) => void,
    reading?: Reading,
  ): () => void {
    this.check(procedure, payload, reading);
    const elsewhere = this.servers.has(procedure)
      ? undefined
      : this.uplink?.request(procedure, payload, onAnswer);
    return elsewhere ?? this.ask(procedure, payload, onAnswer, reading);
  }

  /** Asks whoever serves a procedure on this bus. */
  ask(procedure: string, payload: Payload, onAnswer: (reply: Reply) => void, reading?: Reading): () => void {
    const { dispatch } = this;
    const exchange = new Exchange(this, procedure, payload, dispatch.rank, onAnswer, reading);
    dispatch.sendSoon(exchange);
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

  async heard(): Promise<void> {
    const { dispatch } = this;
    if (this.current === 'closed' || this.context === undefined || dispatch.isEmpty) return;
    await new Promise<void>((resolve) => {
      dispatch.send({ rank: dispatch.rank, context: undefined, handOver: resolve });
    });
  }

  /** Keeps a message as its topic's last one, for those who subscribe later. */
  keep(message: BusMessage): void {
    this.retained.keep(message);
  }

  /** Gives a message to those who are subscribed on this bus, and keeps it if it is to be kept. */
  spread(topic: string, payload: Payload, retain: boolean, reading?: Reading): void {
    const { dispatch } = this;
    if (retain) this.retained.keep({ topic, payload });
    const to = this.router.find(topic, reading?.hint);
    if (to.length > 0) dispatch.send(new Parcel(topic, payload, dispatch.rank, to, reading));
  }

  /** Whether somebody is subscribed to a topic. */
  hears(topic: string): boolean {
    return this.router.find(topic).length > 0;
  }

  /** What hosts of a group share of a topic, as far as this one is among them. */
  sharesOf(topic: string): readonly string[] {
    return this.shared.sharesOf(topic);
  }

  /** Gives a message to those on this bus who share it with others. */
  spreadShare(share: string, topic: string, payload: Payload, reading?: Reading): void {
    const { dispatch } = this;
    const to = this.shared.of(share);
    if (to.length > 0) dispatch.send(new Parcel(topic, payload, dispatch.rank, to, reading));
  }

  /** By what it hands over; a search puts something in its place. */
  protected dispatchOn(context: BusContext): Way {
    return new Dispatch(context);
  }

  onError(error: unknown): void {
    this.context?.onError(error);
  }

  tell(error: AgentError): void {
    this.context?.tell?.(error);
  }

  private check(where: string, payload: Payload, reading: Reading | undefined): void {
    if (this.current !== 'connected') throw disconnected(where, this.current);
    if (reading === undefined) refuseTooLarge(where, payload);
  }

  private enter(status: BusStatus): void {
    this.current = status;
    this.status.next(status);
  }
}
