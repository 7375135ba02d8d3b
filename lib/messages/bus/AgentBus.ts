import type { Observable } from 'rxjs';
import type { output, ZodType } from 'zod';
import type { HandlerOptions, MergeOptions, QueueOptions } from '../../handlers/policies/options';
import type { Run } from '../../handlers/run/Run';
import type { BusStatus, MessageOrigin } from './Bus';
import type { Procedure } from '../calls/procedure';
import type { Sent } from '../payloads/Sent';
import type { Address, Filter } from '../topics/topic';

/** A message, as its subscribers see it. */
export interface Message<Params, Payload> {
  readonly topic: string;
  /** What the topic has in the place of its pattern's parameters. */
  readonly params: Params;
  readonly payload: Payload;
  /** The instant at which it was delivered, in ms. */
  readonly at: number;
  /** Its id, who has sent it and when, if the bus tells: `natsBus` does. */
  readonly origin?: MessageOrigin | undefined;
}

export interface MessagesOptions {
  /** Of a durable topic: the name under which its messages are taken. Agents and hosts that use the same share them. */
  readonly durable?: string;
}

/** Answers a call with what it resolves with. `run` is that of any handler; its signal follows the caller's. */
export type CallHandler<Input, Output> = (input: Input, run: Run) => PromiseLike<Output>;

/** As for `handle.merge`; but a call that finds the queue full fails in any case. */
export type ServeOptions = HandlerOptions & Pick<QueueOptions, 'buffer'> & MergeOptions;

/** A call that has been answered. */
export interface ServedCall<Input, Output> {
  readonly input: Input;
  readonly output: Output;
}

/**
 * The bus as an agent sees it. The agent is on it from right before `start$` until its handlers of `stop$` have
 * ended; what is subscribed or served before that is so from `start$` on.
 */
export interface AgentBus {
  /** The present status of the bus, and each change. */
  readonly status$: Observable<BusStatus>;
  /** How many messages and calls did not fit their schemas, so that nothing of the agent's has seen them. */
  readonly refused: number;

  /**
   * Publishes a message, which is delivered at this instant, but not within this. If there is a codec in the schema,
   * the payload is given as its subscribers get it, and encoded on the way.
   *
   * @throws AgentError `bad-message` with the path of what does not fit, `message-too-large`, `bus-disconnected`
   */
  publish<Params, Schema extends ZodType>(address: Address<Params, Schema>, payload: Sent<Schema>): void;

  /**
   * The messages of a topic, or of a part of it, in the order in which they were published. It is active while it is
   * subscribed and the status is `connected`, and completes when the agent leaves the bus. What does not fit the
   * schema is refused: it is counted and traced.
   * ```
   * publish      --a--b------c---|
   * subscribed     ^-------!
   * messages       a--b
   * ```
   * With `durable: 'name'`, of a durable topic: what is published while nobody takes messages under that name is kept
   * for the next who does. A message is done with when the handler that has got it has settled, or when what
   * a durable handler keeps of it is kept; if that fails it comes again, later and later, and at last it is
   * dead. It may come more than once: `origin.id` is the same then.
   *
   * @throws AgentError `bad-topic`, `bad-option`; when it is subscribed, `bus-unsupported`
   */
  messages<Params, Schema extends ZodType>(
    filter: Filter<Params, Schema>,
    options?: MessagesOptions,
  ): Observable<Message<Params, output<Schema>>>;

  /**
   * Serves a procedure while it is subscribed: make it one of the agent's streams. Each call is a run, beside the
   * others; it emits the calls that have been answered. A run that fails answers with the code of what it has thrown.
   *
   * @throws AgentError `bad-procedure`, `bad-option` or `bad-duration`; when it is subscribed, `duplicate-server`
   */
  serve<Input extends ZodType, Output extends ZodType>(
    procedure: Procedure<Input, Output>,
    handler: CallHandler<output<Input>, Sent<Output>>,
    options?: ServeOptions,
  ): Observable<ServedCall<output<Input>, output<Output>>>;
}
