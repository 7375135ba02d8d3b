import type { Observable } from 'rxjs';
import type { AgentError } from '../../AgentError';
import type { Leases } from '../../store/leases/Leases';
import type { Timers } from '../../time/queue/Timers';
import type { DeliveryPlan } from '../kept/deliveries';
import type { Payload } from '../payloads/Payload';
import type { Reading } from '../payloads/Reading';

/** Whether messages pass; `closed` is for good. */
export type BusStatus = 'disconnected' | 'connecting' | 'connected' | 'closed';

/** Where a message comes from, on a bus that tells. */
export interface MessageOrigin {
  /** The message's id: the same whenever it is delivered again. */
  readonly id: string | undefined;
  /** The host that has published it. */
  readonly sender: string | undefined;
  /** When it was published, by the sender's wall clock, in ms. */
  readonly sentAt: number | undefined;
  /** What it was published for, as W3C Trace Context writes it. */
  readonly traceParent: string | undefined;
}

/** One message on the wire. */
export interface BusMessage {
  readonly topic: string;
  readonly payload: Payload;
  readonly reading?: Reading | undefined;
  readonly origin?: MessageOrigin | undefined;
  /** Why there is no payload: what has come in cannot be read. Whoever listens counts it as refused. */
  readonly unreadable?: AgentError | undefined;
}

/** A message of a durable topic, as it comes to one who takes such under a name. */
export interface KeptMessage extends BusMessage {
  /** How often it has come, this time included. */
  readonly attempt: number;
  /** Whether what becomes of it is written with the turn, into the store of those who have it. */
  readonly settlesWithTurn?: boolean;
  /** It is done with, and comes no more. */
  settle(): void;
  /** It could not be dealt with: it comes again after a while, and after so many times it is put away as dead. */
  fail(cause: unknown): void;
  /** It was given up, since who has it stops: it comes again at once, here or elsewhere. */
  release(): void;
}

/** Under which lease a message is published. */
export interface Fence {
  /** The agent's name, which is that of its lease, too. */
  readonly lease: string;
  /** It grows with each host that has the lease, one after the other. */
  readonly number: number;
  /** Whether it is still this host's, by its own clock: what has to be sent once more is sent only if it is. */
  isHeld(): boolean;
}

/** One who takes messages under a name. */
export interface Taker {
  /** The agent's name. */
  readonly agent: string;
  take(message: KeptMessage): void;
}

/** What a bus does that keeps the messages of durable topics until they are dealt with. */
export interface Keeping {
  /**
   * Publishes a message that is kept, to those who are subscribed without a name, too. Resolves when it is kept.
   *
   * @param of the filter of its whole topic
   * @param fence of a singleton: where something was published under a later lease, or is by another host by now, it is
   * refused, with AgentError `lease-lost`
   */
  publish(topic: string, of: string, payload: Payload, fence?: Fence): Promise<void>;
  /**
   * Takes messages under a name that outlives who bears it: what is published while nobody does is kept for the next.
   * Those of one topic come one after the other. Gives the way to end it.
   */
  take(filter: string, of: string, name: string, taker: Taker): () => void;
}

/** The answer to a request: what the procedure gives, or why there is none. */
export type Reply =
  | { readonly isOk: true; readonly payload: Payload; readonly reading?: Reading | undefined }
  | { readonly isOk: false; readonly code: string; readonly message: string };

/** Takes a request and gives the way to call it off. It answers once at most, and not when it was called off. */
export type Server = (payload: Payload, answer: (reply: Reply) => void, reading?: Reading) => () => void;

/** What a bus is given of the host that it serves. */
export interface BusContext {
  /** The host's name. */
  readonly name?: string;
  /** The host's scheduler. What the bus delivers, it delivers in a task of it, or in a turn of its own. */
  readonly timers: Timers;
  /** Takes what a listener has thrown. */
  onError(error: unknown): void;
  /** Takes what goes wrong with the bus itself, or with what it carries. */
  tell?(error: AgentError): void;
}

/**
 * Carries messages and calls: the port that buses implement. Here are strings and payloads only; patterns, schemas
 * and types are the business of the agents' view of it. `busContract` in the specs says what any bus has to do.
 *
 * Topics are segments between slashes. In a filter `+` stands for one segment, and `*` as the last one for
 * whatever follows, or nothing.
 *
 * A bus within one process may hand the `reading` of a payload on with it, which saves its receiver the same work; one
 * across processes leaves it out.
 */
export interface Bus {
  /** The present status, and each change. If it fails, the bus cannot be connected, for the reason that it fails with. */
  readonly status$: Observable<BusStatus>;

  /** Begins to connect; `status$` says what comes of it. A connection that is lost is sought again by the bus itself. */
  connect(context: BusContext): void;

  /** Says which of the hosts on this bus runs an agent that is to run once, if there may be several. */
  readonly leases?: Leases | undefined;

  /** Disconnects for good. */
  close(): Promise<void>;

  /**
   * Publishes a message to all who are subscribed now. It is delivered later, never within this.
   *
   * @param retain whether the message is kept as its topic's last one, for those who subscribe later
   * @throws AgentError `bus-disconnected`, or `message-too-large`
   */
  publish(topic: string, payload: Payload, retain: boolean, reading?: Reading): void;

  /**
   * Subscribes to topics and gives the way to end that. Each listener gets the messages in the order in which they
   * were published, those that are retained first. A subscription outlasts the loss of the connection.
   *
   * @param group of those hosts that subscribe to one filter under one group each message is for one; all who have
   * done so on that host get it. What is retained by then, each gets
   */
  subscribe(filter: string, listener: (message: BusMessage) => void, group?: string): () => void;

  /**
   * Sends a request and gives the way to call it off. The answer comes later, never within this; at once, with code
   * `unreachable`, if nobody serves the procedure.
   *
   * @throws AgentError `bus-disconnected`, or `message-too-large`
   */
  request(procedure: string, payload: Payload, answer: (reply: Reply) => void, reading?: Reading): () => void;

  /**
   * Serves a procedure and gives the way to end that.
   *
   * @throws AgentError `duplicate-server`
   */
  serve(procedure: string, server: Server): () => void;

  /**
   * Resolves when all that was published so far has been heard by those who are subscribed. For a bus within one
   * process: across processes nobody knows when that is.
   */
  heard?(): Promise<void>;

  /** For durable topics; a bus without it, and without `deliveries`, has none. */
  readonly keeping?: Keeping | undefined;

  /** Of a bus within one process: how its host delivers messages of durable topics, which it keeps in its own store. */
  readonly deliveries?: DeliveryPlan | undefined;
}
