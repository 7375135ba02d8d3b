import type { Msg, NatsConnection } from '@nats-io/transport-node';
import type { AgentError } from '../../AgentError';
import type { Reply } from '../../messages/bus/Bus';
import type { Payload } from '../../messages/payloads/Payload';
import { codeOf, messageOf } from '../../readError';
import { guarded } from '../../trace/guarded';
import { cancelSubject, readReply } from './protocol';
import type { Packet } from '../wire/Packet';

export interface CallsOwner {
  /** @throws AgentError */
  payloadOf(where: string, data: Uint8Array): Payload;
  onError(error: unknown): void;
}

interface OpenCall {
  readonly procedure: string;
  readonly subject: string;
  readonly answer: (reply: Reply) => void;
}

/**
 * The calls of a host that are under way. Their answers come by one subscription, and each is found by what its
 * subject ends in.
 */
export class Calls {
  private readonly open = new Map<string, OpenCall>();
  private connection: NatsConnection | undefined;
  private readonly replies: string;
  private sent = 0;

  constructor(
    private readonly owner: CallsOwner,
    inbox: string,
  ) {
    this.replies = `${inbox}.call.`;
  }

  opened(connection: NatsConnection): void {
    this.connection = connection;
    connection.subscribe(`${this.replies}*`, {
      callback: (error, message) => {
        if (error !== null) return;
        guarded(() => {
          this.take(message);
        }, this.onError);
      },
    });
  }

  request(procedure: string, subject: string, packet: Packet, answer: (reply: Reply) => void): () => void {
    const token = (++this.sent).toString(36);
    const reply = this.replies + token;
    this.connection?.publish(subject, packet.data, { reply, headers: packet.headers });
    this.open.set(token, { procedure, subject, answer });
    return () => {
      if (this.open.delete(token) && this.connection?.isClosed() === false)
        this.connection.publish(cancelSubject(subject), reply);
    };
  }

  /** Fails all that are under way. */
  fail(code: string, message: string): void {
    const all = [...this.open.values()];
    this.open.clear();
    for (const { answer } of all) this.give(answer, { isOk: false, code, message });
  }

  /** The server does not let this host call there. */
  refused(subject: string, { code, message }: AgentError): void {
    for (const [token, call] of [...this.open]) {
      if (call.subject !== subject) continue;
      this.open.delete(token);
      this.give(call.answer, { isOk: false, code, message });
    }
  }

  private take(message: Msg): void {
    const token = message.subject.slice(this.replies.length);
    const call = this.open.get(token);
    if (call === undefined) return; // given up meanwhile
    this.open.delete(token);
    this.give(call.answer, this.read(call.procedure, message));
  }

  private read(procedure: string, message: Msg): Reply {
    try {
      return readReply(message, (data) => this.owner.payloadOf(procedure, data));
    } catch (error) {
      return { isOk: false, code: codeOf(error) ?? 'bad-message', message: messageOf(error) };
    }
  }

  private give(answer: (reply: Reply) => void, reply: Reply): void {
    guarded(() => {
      answer(reply);
    }, this.onError);
  }

  private readonly onError = (error: unknown): void => {
    this.owner.onError(error);
  };
}
