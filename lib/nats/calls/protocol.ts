import type { Msg } from '@nats-io/transport-node';
import type { Reply } from '../../messages/bus/Bus';
import type { Payload } from '../../messages/payloads/Payload';
import { read } from '../../readError';
import { ERROR, ERROR_CODE, headerLine } from '../wire/head';

/** Hosts that serve the same procedure share its calls, as all micro services of NATS do. */
export const QUEUE = 'q';
const NO_RESPONDERS = 503;

/** Where it is said that a call has been called off: all who serve the procedure hear of it, by its reply subject. */
export function cancelSubject(subject: string): string {
  return `_rx.cancel.${subject}`;
}

/** The headers of an answer that is none; its payload says the same as JSON. */
export function errorHead({ code, message }: Extract<Reply, { readonly isOk: false }>): string {
  return headerLine(ERROR_CODE, code) + headerLine(ERROR, message);
}

/** Reads an answer, a raw service's, too. */
export function readReply(message: Msg, payloadOf: (data: Uint8Array) => Payload): Reply {
  const { headers, data } = message;
  if (headers === undefined) return { isOk: true, payload: payloadOf(data) };
  if (headers.code === NO_RESPONDERS && data.length === 0)
    return { isOk: false, code: 'unreachable', message: 'nobody serves it' };
  const text = headers.get(ERROR);
  const code = headers.get(ERROR_CODE);
  if (text === '' && code === '') return { isOk: true, payload: payloadOf(data) };
  return {
    isOk: false,
    code: code === '' ? 'call-failed' : code,
    message: messageIn(data, payloadOf) ?? text,
  };
}

/** A header has one line; the payload has the whole message, if the kit has written it. */
function messageIn(data: Uint8Array, payloadOf: (data: Uint8Array) => Payload): string | undefined {
  try {
    const message = read(payloadOf(data), 'message');
    return typeof message === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
}
