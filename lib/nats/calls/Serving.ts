import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import type { Reply, Server } from '../../messages/bus/Bus';
import type { Payload } from '../../messages/payloads/Payload';
import { codeOf, messageOf } from '../../readError';
import type { Timers } from '../../time/queue/Timers';
import { guarded } from '../../trace/guarded';
import { toPacket } from '../wire/Packet';
import { cancelSubject, errorHead, QUEUE } from './protocol';
import type { EndpointStats } from './serviceReplies';

export interface ServingOwner {
  readonly timers: Timers;
  /** @throws AgentError */
  payloadOf(where: string, data: Uint8Array): Payload;
  /** @throws AgentError */
  toData(where: string, payload: Payload): Uint8Array;
  onError(error: unknown): void;
  /** A call that has been taken is over. */
  settled(): void;
}

/** A procedure that this host serves. */
export class Serving implements EndpointStats {
  requests = 0;
  errors = 0;
  lastError = '';
  /** In ms. */
  processing = 0;
  private hasEnded = false;
  private subscriptions: readonly Subscription[] = [];
  private connection: NatsConnection | undefined;
  /** The calls that have been taken and not answered, with the way to call them off. */
  private readonly open = new Map<string, () => void>();

  constructor(
    readonly procedure: string,
    readonly subject: string,
    private readonly server: Server,
    private readonly owner: ServingOwner,
  ) {}

  get isIdle(): boolean {
    return this.open.size === 0;
  }

  opened(connection: NatsConnection): void {
    this.connection = connection;
    const guardedly =
      (take: (message: Msg) => void) =>
      (error: Error | null, message: Msg): void => {
        if (error !== null) return;
        guarded(() => {
          take(message);
        }, this.onError);
      };
    this.subscriptions = [
      connection.subscribe(this.subject, {
        queue: QUEUE,
        callback: guardedly((message) => {
          this.take(message);
        }),
      }),
      connection.subscribe(cancelSubject(this.subject), {
        callback: guardedly((message) => {
          this.callOff(message.string());
        }),
      }),
    ];
  }

  /** What the server has sent here before it heard of the end is refused. What has been taken is answered still. */
  end(): void {
    this.hasEnded = true;
    for (const subscription of this.subscriptions)
      if (!subscription.isClosed()) void subscription.drain().catch(() => undefined);
    this.subscriptions = [];
  }

  private take(message: Msg): void {
    const { reply, data } = message;
    const call = reply ?? '';
    const since = this.owner.timers.now();
    if (this.hasEnded) {
      this.respond(call, { isOk: false, code: 'unreachable', message: 'its server has stopped' });
      return;
    }
    this.requests++;
    const answer = (given: Reply): void => {
      if (!this.open.delete(call)) return;
      this.count(given, since);
      this.respond(call, given);
      this.owner.settled();
    };
    let payload: Payload;
    this.open.set(call, () => undefined);
    try {
      payload = this.owner.payloadOf(this.procedure, data);
    } catch (error) {
      answer({ isOk: false, code: codeOf(error) ?? 'bad-message', message: messageOf(error) });
      return;
    }
    const callOff = this.server(payload, answer);
    if (this.open.has(call)) this.open.set(call, callOff);
  }

  private callOff(call: string): void {
    const callOff = this.open.get(call);
    if (callOff === undefined) return;
    this.open.delete(call);
    callOff();
    this.owner.settled();
  }

  private respond(call: string, reply: Reply): void {
    const { connection } = this;
    if (call === '' || connection === undefined || connection.isClosed()) return;
    if (reply.isOk) {
      let data: Uint8Array;
      try {
        data = this.owner.toData(this.procedure, reply.payload);
      } catch (error) {
        this.respond(call, { isOk: false, code: codeOf(error) ?? 'call-failed', message: messageOf(error) });
        return;
      }
      connection.publish(call, data);
      return;
    }
    const { code, message } = reply;
    const packet = toPacket(errorHead(reply), JSON.stringify({ code, message }));
    connection.publish(call, packet.data, packet);
  }

  private count(reply: Reply, since: number): void {
    this.processing += this.owner.timers.now() - since;
    if (reply.isOk) return;
    this.errors++;
    this.lastError = `${reply.code}: ${reply.message}`;
  }

  private readonly onError = (error: unknown): void => {
    this.owner.onError(error);
  };
}
