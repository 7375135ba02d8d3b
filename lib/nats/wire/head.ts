import type { MsgHdrs } from '@nats-io/transport-node';
import type { MessageOrigin } from '../../messages/bus/Bus';

/** The names of the headers that the kit's messages bear. */
export const ID = 'Nats-Msg-Id';
export const SENDER = 'Rx-Sender';
export const AT = 'Rx-At';
/** Under which lease a singleton has published it. */
export const LEASE = 'Rx-Lease';
export const TRACE_PARENT = 'traceparent';
/** How tools for micro services see that a call has failed. */
export const ERROR = 'Nats-Service-Error';
export const ERROR_CODE = 'Nats-Service-Error-Code';

const LINE_BREAKS = /[\r\n]+/g;

export function headerLine(name: string, value: string): string {
  return `${name}: ${value.replace(LINE_BREAKS, ' ')}\r\n`;
}

/** What is asked of the headers of a message that has come in. */
export type Headers = Pick<MsgHdrs, 'get'>;

/** Headers as they are written, where the client does not read them. */
export function parseHeaders(text: string): Headers {
  const values = new Map<string, string>();
  for (const line of text.split('\r\n').slice(1)) {
    const colon = line.indexOf(':');
    if (colon > 0 && !values.has(line.slice(0, colon)))
      values.set(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return { get: (name) => values.get(name) ?? '' };
}

/** Where a message comes from, by its headers. One that a raw client has sent may have none. */
export function originOf(headers: Headers | undefined): MessageOrigin {
  const at = Number(headers?.get(AT) ?? '');
  return {
    id: textIn(headers, ID),
    sender: textIn(headers, SENDER),
    sentAt: at > 0 ? at : undefined,
    traceParent: textIn(headers, TRACE_PARENT),
  };
}

function textIn(headers: Headers | undefined, name: string): string | undefined {
  const text = headers?.get(name) ?? '';
  return text === '' ? undefined : text;
}
