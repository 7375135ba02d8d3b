import type { IncomingMessage } from 'node:http';
import { MAX_MESSAGE_LENGTH } from '../ven/protocol/parseXml';

/** The whole text of a request; undefined if it is longer than any message, and the rest is not read. */
export async function textOf(incoming: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  // The connection is still needed, for the answer.
  for await (const chunk of incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_MESSAGE_LENGTH) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
