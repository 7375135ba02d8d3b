import { createdEvent, distributeEvent, requestEvent } from './distribution';
import { parseXml } from './parseXml';
import { ProtocolError } from './ProtocolError';
import {
  canceledPartyRegistration,
  cancelPartyRegistration,
  createdPartyRegistration,
  createPartyRegistration,
  plainResponse,
  poll,
  queryRegistration,
  requestReregistration,
} from './registration';
import {
  canceledReport,
  cancelReport,
  createdReport,
  createReport,
  registeredReport,
  registerReport,
  updatedReport,
  updateReport,
} from './reporting';
import type { Shape, Value } from './shape';
import { writeXml, type XmlRecord } from './writeXml';

/** The messages of OpenADR 2.0b that are spoken here, by the names of their elements. */
const SHAPES = {
  oadrQueryRegistration: queryRegistration,
  oadrCreatePartyRegistration: createPartyRegistration,
  oadrCreatedPartyRegistration: createdPartyRegistration,
  oadrCancelPartyRegistration: cancelPartyRegistration,
  oadrCanceledPartyRegistration: canceledPartyRegistration,
  oadrRequestReregistration: requestReregistration,
  oadrPoll: poll,
  oadrRequestEvent: requestEvent,
  oadrDistributeEvent: distributeEvent,
  oadrCreatedEvent: createdEvent,
  oadrResponse: plainResponse,
  oadrRegisterReport: registerReport,
  oadrRegisteredReport: registeredReport,
  oadrCreateReport: createReport,
  oadrCreatedReport: createdReport,
  oadrUpdateReport: updateReport,
  oadrUpdatedReport: updatedReport,
  oadrCancelReport: cancelReport,
  oadrCanceledReport: canceledReport,
} as const;

export type MessageKind = keyof typeof SHAPES;
export const MESSAGE_KINDS = Object.keys(SHAPES) as MessageKind[];

/** What a message of a kind says. */
export type Body<K extends MessageKind> = Value<(typeof SHAPES)[K]>;

/** A message of one of some kinds: `{ kind: 'oadrPoll', body: { venId } }`. */
export type Message<K extends MessageKind = MessageKind> = {
  [Kind in K]: { readonly kind: Kind; readonly body: Body<Kind> };
}[K];

/** Makes a message. */
export function message<K extends MessageKind>(kind: K, body: Body<K>): Message<K> {
  return { kind, body };
}

/**
 * Writes a message as XML, without a signature.
 *
 * @throws ProtocolError if it has what cannot be written
 */
export function encodeMessage({ kind, body }: Message): string {
  const shape = SHAPES[kind] as Shape<Message['body']>;
  const content: XmlRecord = { '@ei:schemaVersion': '2.0b', ...(shape.write(body) as XmlRecord) };
  return writeXml('oadr:oadrPayload', { 'oadr:oadrSignedObject': { [`oadr:${kind}`]: content } });
}

/**
 * Reads a message, whatever prefixes its sender uses. A signature is not looked at.
 *
 * @throws ProtocolError that says what is wrong with it, and where
 */
export function decodeMessage(xml: string): Message {
  const root = parseXml(xml);
  const signed = root.name === 'oadr:oadrPayload' ? root.child('oadr:oadrSignedObject') : undefined;
  if (signed === undefined)
    throw new ProtocolError(`${root.name} is no oadrPayload with an oadrSignedObject`);
  const element = signed.children[0];
  const kind = MESSAGE_KINDS.find((known) => element?.name === `oadr:${known}`);
  if (element === undefined || kind === undefined)
    throw new ProtocolError(`a message of kind ${element?.name ?? 'none'} is not known`);
  try {
    return message(kind, (SHAPES[kind] as Shape<Body<typeof kind>>).read(element));
  } catch (error) {
    throw error instanceof ProtocolError ? error.within(kind) : error;
  }
}
