import type { JsMsg } from '@nats-io/jetstream';
import { messageOf } from '../../readError';
import { headerLine, ID, SENDER } from '../wire/head';
import { type Packet, toPacket } from '../wire/Packet';

/**
 * A message that is given up, with its history. Whoever buries it again, since he has not heard that it is, does
 * nothing: its id says what it is.
 *
 * @param taker the name under which it was taken
 */
export function deadPacket(message: JsMsg, taker: string, cause: unknown): Packet {
  const { headers, seq, info } = message;
  const head =
    headerLine(ID, `${info.stream}-${seq}-${taker}`) +
    headerLine('Rx-Taker', taker) +
    headerLine(SENDER, headers?.get(SENDER) ?? '') +
    headerLine('Rx-Id', headers?.get(ID) ?? '') +
    headerLine('Rx-Attempts', String(info.deliveryCount)) +
    headerLine('Rx-Error', messageOf(cause));
  return toPacket(head, Buffer.from(message.data).toString('utf8'));
}
