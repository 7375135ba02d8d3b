import type { Msg } from '@nats-io/transport-node';
import type { AgentError } from '../../AgentError';
import { newId } from '../newId';
import type { JetStream } from './JetStream';

/** So many messages are on their way at once: the server cuts off who has more than 64 MiB coming. */
const BATCH = 128;
/** How long nothing may come, in ms. */
const PATIENCE = 10_000;

export interface PulledMessage {
  readonly seq: number;
  readonly message: Msg;
}

/**
 * Gives the messages of a subject of a stream, in their order, up to one that is known to be there.
 *
 * @throws AgentError `bus-failed` if they do not come
 */
export async function* pull(
  js: JetStream,
  stream: string,
  subject: string,
  upTo: number,
): AsyncGenerator<PulledMessage, void> {
  const { link } = js;
  const name = newId();
  const config = {
    name,
    deliver_policy: 'all',
    filter_subject: subject,
    ack_policy: 'none',
    replay_policy: 'instant',
    mem_storage: true,
    num_replicas: 1,
    inactive_threshold: 30_000_000_000,
  };
  const { error } = await js.call(`CONSUMER.CREATE.${stream}.${name}.${subject}`, {
    stream_name: stream,
    config,
  });
  if (error !== undefined) throw js.failed('read', stream, error);
  const next = `$JS.API.CONSUMER.MSG.NEXT.${stream}.${name}`;
  const request = JSON.stringify({ batch: BATCH, expires: PATIENCE * 1e6 });
  for (let last = 0; last < upTo;) {
    const before = last;
    for await (const message of link.askMany(next, request, BATCH, PATIENCE)) {
      last = seqOf(message) ?? fail(link.toError(`${link.what} cannot read ${stream}`, statusOf(message)));
      yield { seq: last, message };
      if (last >= upTo) return;
    }
    if (last === before) fail(link.toError(`${link.what} cannot read ${stream}`, new Error('nothing comes')));
  }
}

/** `$JS.ACK.<stream>.<consumer>.<delivered>.<stream's seq>.<consumer's seq>.<time>.<pending>` */
function seqOf({ reply = '' }: Msg): number | undefined {
  const seq = Number(reply.split('.').at(-4));
  return reply.startsWith('$JS.ACK.') && seq > 0 ? seq : undefined;
}

function statusOf({ headers }: Msg): Error {
  return new Error(`${headers?.code ?? ''} ${headers?.description ?? 'the messages do not come'}`.trim());
}

function fail(error: AgentError): never {
  throw error;
}
