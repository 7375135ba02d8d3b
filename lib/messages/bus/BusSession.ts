import type { Observable } from 'rxjs';
import type { output, ZodType } from 'zod';
import { AgentError } from '../../AgentError';
import type { Caller } from '../../handlers/waits/Callable';
import { SERVE, toPlan } from '../../handlers/policies/options';
import { Runner } from '../../handlers/policies/Runner';
import type { RunScope } from '../../handlers/run/RunScope';
import { checkOptions, NO_OPTIONS, optionTable } from '../../options/checkOptions';
import { placed } from '../../time/present/PlacedSubscriber';
import { IsolatingObservable, type OnThrow } from '../../trace/IsolatingObservable';
import { aName } from '../../options/checks';
import type { AgentBus, CallHandler, Message, MessagesOptions, ServedCall, ServeOptions } from './AgentBus';
import type { BusMessage, BusStatus, Reply } from './Bus';
import { calls, served } from '../calls/calls';
import { CallSender } from '../calls/CallSender';
import type { HostBus } from './HostBus';
import { IncomingCall } from '../calls/IncomingCall';
import type { Payload } from '../payloads/Payload';
import { TakenMessages } from '../kept/TakenMessages';
import { MessageFromAfar } from './MessageFromAfar';
import { type BusMoment, Membership } from './Membership';
import { notAFilter, notAProcedure, notDurable } from '../messageErrors';
import { outgoing } from '../topics/outgoing';
import { isProcedure, type Procedure } from '../calls/procedure';
import type { Reading } from '../payloads/Reading';
import { readReceived } from '../payloads/schema';
import type { Sent } from '../payloads/Sent';
import { type Address, type Filter, isFilter } from '../topics/topic';
import { TopicSource } from '../topics/TopicSource';

const MESSAGES = optionTable<MessagesOptions>({ durable: aName }, { name: 'durable', group: 'durable' });

/** The bus as one agent sees it: what it sends and receives is read by the schemas, counted and traced. */
export class BusSession implements AgentBus {
  refused = 0;
  readonly membership: Membership;
  readonly caller: Caller;
  private takenMessages: TakenMessages | undefined;

  constructor(
    private readonly scope: RunScope,
    private readonly hostBus: HostBus,
    moment: BusMoment,
    private readonly onThrow: OnThrow,
    /** Whose messages are shared with those of other hosts, if they are. */
    private readonly group: string | undefined,
  ) {
    this.membership = new Membership(scope.agent, hostBus.bus, moment, (error) => {
      hostBus.notEnded(scope.agent, error);
    });
    this.caller = new CallSender(scope, this.membership, hostBus.deadlines);
  }

  get status$(): Observable<BusStatus> {
    return this.hostBus.connection.status$;
  }

  publish<Params, Schema extends ZodType>(
    address: Address<Params, Schema>,
    payload: Sent<Schema>,
    options?: object,
  ): void {
    checkOptions('bus.publish', NO_OPTIONS, options);
    // Nobody hears of what a process does that has ended.
    if (this.membership.isGone) return;
    const message = outgoing(address, payload);
    const { topic, data, isRetained, keptIn } = message;
    const bus = this.membership.busFor(topic);
    if (keptIn === undefined) bus.publish(topic, data, isRetained, message);
    else
      this.hostBus.topics.publish({
        agent: this.scope.agent,
        topic,
        keptIn,
        data,
        isRetained,
        reading: message,
      });
    const { trace, agent } = this.scope;
    if (trace.isWatched) trace.write({ type: 'message-published', agent, topic, payload: data });
  }

  messages<Params, Schema extends ZodType>(
    filter: Filter<Params, Schema>,
    options?: MessagesOptions,
  ): Observable<Message<Params, output<Schema>>> {
    checkOptions('bus.messages', MESSAGES, options);
    if (!isFilter(filter)) throw notAFilter(filter);
    const { durable } = options ?? {};
    if (durable !== undefined && !filter.topic.isDurable) throw notDurable(filter.topic.pattern, durable);
    return new TopicSource<Message<Params, output<Schema>>>(
      filter.filter,
      (taker) => {
        const subscriber = placed(taker, this.scope.present, this.scope);
        const receive = (message: BusMessage): void => {
          const received = this.received(filter, message);
          if (received !== undefined) subscriber.next(received);
        };
        const { topics } = this.hostBus;
        if (durable !== undefined && topics.areInStore) this.scope.durables?.use();
        return this.membership.enter({
          open: (bus) =>
            durable === undefined
              ? bus.subscribe(filter.filter, receive, this.group)
              : this.taken.take(filter.filter, filter.topic.filter, durable, (message) => {
                  this.taken.deliver(message, this.received(filter, message), (received) => {
                    subscriber.next(received);
                  });
                }),
          end: () => {
            subscriber.complete();
          },
          fail: (error) => {
            subscriber.error(error);
          },
        });
      },
      this.onThrow,
    );
  }

  serve<Input extends ZodType, Output extends ZodType>(
    procedure: Procedure<Input, Output>,
    handler: CallHandler<output<Input>, Sent<Output>>,
    options?: ServeOptions,
  ): Observable<ServedCall<output<Input>, output<Output>>>;
  serve(
    procedure: Procedure,
    handler: CallHandler<unknown, unknown>,
    options?: ServeOptions,
  ): Observable<ServedCall<unknown, unknown>> {
    if (!isProcedure(procedure)) throw notAProcedure('bus.serve', procedure);
    const { name } = procedure;
    if (typeof handler !== 'function')
      throw new AgentError('bad-option', `bus.serve of ${name} needs a function (input, run) => ….`);
    const given = toPlan('merge', options, `bus.serve of ${name}`, SERVE);
    const plan = handler.name === '' ? given : { ...given, name: given.name ?? handler.name };
    if (plan.onError === 'restart') this.scope.mayRestart();
    return new IsolatingObservable((subscriber) => {
      const unclaim = this.hostBus.claim(name, this.scope.agent);
      const runner = new Runner(subscriber, this.scope, served(handler), plan, calls);
      runner.add(unclaim);
      runner.add(
        this.membership.enter({
          open: (bus) =>
            bus.serve(name, (payload, reply, reading) =>
              this.called(procedure, runner, payload, reply, reading),
            ),
          end: () => {
            runner.complete();
          },
          fail: (error) => {
            runner.error(error);
          },
        }),
      );
      return runner;
    }, this.onThrow);
  }

  /** Made when it is asked for: few take messages of durable topics. */
  private get taken(): TakenMessages {
    return (this.takenMessages ??= new TakenMessages(this.scope.agent, this.hostBus.topics));
  }

  /** The process has ended. */
  vanish(): void {
    this.membership.vanish();
  }

  /** The agent begins to stop. */
  halt(): void {
    this.takenMessages?.halt();
  }

  /** A message as it is delivered; undefined if it is refused. */
  private received<Params, Schema extends ZodType>(
    { topic: definition }: Filter<Params, Schema>,
    message: BusMessage,
  ): Message<Params, output<Schema>> | undefined {
    const { agent, trace } = this.scope;
    const { topic, payload: data, reading, unreadable } = message;
    try {
      if (unreadable !== undefined) throw unreadable;
      const payload = readReceived(topic, definition.schema, data, reading);
      if (trace.isWatched) trace.write({ type: 'message-delivered', agent, topic, payload: data });
      const params = (reading?.paramsBy(definition) as Params | undefined) ?? definition.paramsOf(topic);
      const at = this.scope.now();
      return 'origin' in message
        ? new MessageFromAfar(message, topic, params, payload, at)
        : { topic, params, payload, at };
    } catch (thrown) {
      const error = thrown as AgentError;
      this.refused++;
      if (trace.isWatched) trace.write({ type: 'message-refused', agent, topic, error });
      return undefined;
    }
  }

  private called(
    procedure: Procedure,
    runner: Runner<IncomingCall, ServedCall<unknown, unknown>>,
    payload: Payload,
    reply: (reply: Reply) => void,
    reading: Reading | undefined,
  ): () => void {
    let input: unknown;
    try {
      input = readReceived(procedure.name, procedure.input, payload, reading);
    } catch (thrown) {
      const error = thrown as AgentError;
      const { agent, trace } = this.scope;
      this.refused++;
      if (trace.isWatched) trace.write({ type: 'call-refused', agent, procedure: procedure.name, error });
      new IncomingCall(procedure, undefined, reply, this.onThrow).fail(error.code, error.message);
      return () => undefined;
    }
    const call = new IncomingCall(procedure, input, reply, this.onThrow);
    runner.next(call);
    return () => {
      call.isOver = true;
      runner.callOff(call);
    };
  }
}
