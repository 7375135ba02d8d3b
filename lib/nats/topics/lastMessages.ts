import type { NatsConnection } from '@nats-io/transport-node';
import { read } from '../../readError';
import { type Headers, parseHeaders } from '../wire/head';

const NOT_FOUND = 404;

/** A message as a stream has it. */
export interface Stored {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly headers?: Headers;
}

interface ApiReply {
  readonly error?: { readonly code: number; readonly description: string };
  readonly message?: { readonly subject: string; readonly data?: string; readonly hdrs?: string };
  readonly state?: { readonly messages: number };
  readonly num_pending?: number;
  readonly delivered?: { readonly consumer_seq: number };
}

/** Whether a stream has no messages, or is not there. */
export async function hasNone(connection: NatsConnection, stream: string, timeout: number): Promise<boolean> {
  const reply = await ask(connection, `STREAM.INFO.${stream}`, {}, timeout);
  return reply?.state?.messages === undefined || reply.state.messages === 0;
}

/** The last message of one subject of a stream; none, if there is no stream. */
export async function lastOf(
  connection: NatsConnection,
  stream: string,
  subject: string,
  timeout: number,
): Promise<readonly Stored[]> {
  const reply = await ask(connection, `STREAM.MSG.GET.${stream}`, { last_by_subj: subject }, timeout);
  if (reply?.message === undefined) return [];
  const { data = '', hdrs = '' } = reply.message;
  const headers = hdrs === '' ? {} : { headers: parseHeaders(Buffer.from(hdrs, 'base64').toString('utf8')) };
  return [{ subject, data: Buffer.from(data, 'base64'), ...headers }];
}

/** The last message of each subject of a stream that fits, in the order of their publishing. */
export async function lastOfMany(
  connection: NatsConnection,
  stream: string,
  filter: string,
  inbox: string,
  timeout: number,
): Promise<readonly Stored[]> {
  const found: Stored[] = [];
  let expected = Infinity;
  let done = (): void => undefined;
  const all = new Promise<void>((resolve) => (done = resolve));
  const subject = `${inbox}.last.${++reads}`;
  const subscription = connection.subscribe(subject, {
    callback: (error, message) => {
      if (error === null && message.reply !== '') found.push(message);
      if (found.length >= expected) done();
    },
  });
  try {
    const config = {
      deliver_policy: 'last_per_subject',
      filter_subject: filter,
      deliver_subject: subject,
      ack_policy: 'none',
      replay_policy: 'instant',
      mem_storage: true,
      num_replicas: 1,
      inactive_threshold: 5_000_000_000,
    };
    const reply = await ask(
      connection,
      `CONSUMER.CREATE.${stream}`,
      { stream_name: stream, config },
      timeout,
    );
    if (reply === undefined) return [];
    const { num_pending = 0, delivered } = reply;
    expected = num_pending + (delivered?.consumer_seq ?? 0);
    if (found.length < expected) await all;
    return found;
  } finally {
    subscription.unsubscribe();
  }
}

let reads = 0;

/** Asks JetStream; undefined if there is no such stream or message, or no JetStream. */
async function ask(
  connection: NatsConnection,
  what: string,
  request: object,
  timeout: number,
): Promise<ApiReply | undefined> {
  let reply: ApiReply;
  try {
    reply = (
      await connection.request(`$JS.API.${what}`, JSON.stringify(request), { timeout })
    ).json<ApiReply>();
  } catch (error) {
    if (read(read(error, 'cause'), 'name') === 'NoRespondersError') return undefined;
    throw error;
  }
  const { error } = reply;
  if (error === undefined) return reply;
  if (error.code === NOT_FOUND) return undefined;
  throw new Error(error.description);
}
