import { eiEvent } from './event';
import { ProtocolError } from './ProtocolError';
import { eiResponse } from './response';
import { around, many, one, optional, sequence } from './sequence';
import { integer, type Shape, text, type Value, word } from './shape';
import type { XmlElement } from './XmlElement';

const responseRequired = one('oadr:oadrResponseRequired', word('always', 'never'));

const goodEvent = sequence({ event: one('ei:eiEvent', eiEvent), responseRequired });

/** An event that could not be read: as much of it as an answer needs. */
export interface UnreadableEvent {
  readonly event?: undefined;
  readonly eventId: string;
  readonly modificationNumber: number;
  readonly problem: string;
  readonly responseRequired: 'always' | 'never';
}
export type DistributedEvent = Value<typeof goodEvent> | UnreadableEvent;

/** One event that cannot be read must not cost the VEN the others of its message. */
const distributedEvent: Shape<DistributedEvent> = {
  read: (element) => {
    try {
      return goodEvent.read(element);
    } catch (error) {
      if (error instanceof ProtocolError) return unreadable(element, error);
      throw error;
    }
  },
  write: (distributed) => {
    if (distributed.event === undefined)
      throw new ProtocolError(`${distributed.eventId} cannot be written: ${distributed.problem}`);
    return goodEvent.write(distributed);
  },
};

function unreadable(element: XmlElement, { message }: ProtocolError): UnreadableEvent {
  const descriptor = element.child('ei:eiEvent')?.child('ei:eventDescriptor');
  const number = descriptor?.child('ei:modificationNumber')?.text ?? '';
  return {
    eventId: descriptor?.child('ei:eventID')?.text ?? '',
    modificationNumber: /^\d{1,9}$/.test(number) ? Number(number) : 0,
    problem: message,
    responseRequired: element.child('oadr:oadrResponseRequired')?.text === 'never' ? 'never' : 'always',
  };
}

export const requestEvent = around(
  'pyld:eiRequestEvent',
  sequence({
    requestId: one('pyld:requestID', text),
    venId: one('ei:venID', text),
    replyLimit: optional('pyld:replyLimit', integer),
  }),
);

export const distributeEvent = sequence({
  response: optional('ei:eiResponse', eiResponse),
  requestId: one('pyld:requestID', text),
  vtnId: one('ei:vtnID', text),
  events: many('oadr:oadrEvent', distributedEvent),
});
export type DistributeEvent = Value<typeof distributeEvent>;

const eventResponse = sequence({
  code: one('ei:responseCode', text),
  description: optional('ei:responseDescription', text),
  requestId: one('pyld:requestID', text),
  qualifiedEventId: one(
    'ei:qualifiedEventID',
    sequence({ eventId: one('ei:eventID', text), modificationNumber: one('ei:modificationNumber', integer) }),
  ),
  opt: one('ei:optType', word('optIn', 'optOut')),
});
export type EventResponse = Value<typeof eventResponse>;

export const createdEvent = around(
  'pyld:eiCreatedEvent',
  sequence({
    response: one('ei:eiResponse', eiResponse),
    eventResponses: optional(
      'ei:eventResponses',
      sequence({ list: many('ei:eventResponse', eventResponse) }),
    ),
    venId: one('ei:venID', text),
  }),
);
