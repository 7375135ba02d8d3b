import { message, type Message } from '../ven/protocol/message';
import type { EiResponse } from '../ven/protocol/response';

/** What a VEN has said that others may want to know. */
export type Notice =
  | { readonly kind: 'registered' | 'cancelled'; readonly ven: string }
  | { readonly kind: 'opted'; readonly ven: string; readonly event: string; readonly opt: 'optIn' | 'optOut' }
  | { readonly kind: 'reported'; readonly ven: string; readonly values: readonly number[] }
  | { readonly kind: 'refused'; readonly ven: string; readonly reason: string };

/** What a message is answered with, and what is to be noted of it. */
export interface Answer {
  readonly reply: Message;
  readonly notices: readonly Notice[];
}

export function said(reply: Message, ...notices: readonly Notice[]): Answer {
  return { reply, notices };
}

/** An `oadrResponse`. */
export function plain(ofVtn: EiResponse, venId?: string): Message {
  return message('oadrResponse', { response: ofVtn, ...(venId !== undefined && { venId }) });
}

export function response(requestId: string, code: string, description?: string): EiResponse {
  return { code, requestId, ...(description !== undefined && { description }) };
}
