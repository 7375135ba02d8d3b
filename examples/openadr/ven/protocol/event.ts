import { around, empty, many, one, optional, sequence } from './sequence';
import { dateTime, duration, float, integer, text, type Value, word } from './shape';
import { eiTarget } from './target';

const descriptor = sequence({
  eventId: one('ei:eventID', text),
  modificationNumber: one('ei:modificationNumber', integer),
  modifiedAt: optional('ei:modificationDateTime', dateTime),
  modificationReason: optional('ei:modificationReason', text),
  priority: optional('ei:priority', integer),
  marketContext: one('ei:eiMarketContext', around('emix:marketContext', text)),
  createdAt: one('ei:createdDateTime', dateTime),
  status: one('ei:eventStatus', word('none', 'far', 'near', 'active', 'completed', 'cancelled')),
  /** Whatever is there and is not `false` makes a test of it. */
  testEvent: optional('ei:testEvent', text),
  comment: optional('ei:vtnComment', text),
});

const propDuration = around('xcal:duration', duration);

const properties = sequence({
  start: one('xcal:dtstart', around('xcal:date-time', dateTime)),
  /** In ms; 0 is an event without an end. */
  duration: one('xcal:duration', propDuration),
  /** The start is spread at random over so many ms. */
  startAfter: optional('xcal:tolerance', around('xcal:tolerate', around('xcal:startafter', duration))),
  notification: optional('ei:x-eiNotification', propDuration),
  rampUp: optional('ei:x-eiRampUp', propDuration),
  recovery: optional('ei:x-eiRecovery', propDuration),
});

const payload = around('ei:payloadFloat', around('ei:value', float));

const interval = sequence({
  start: optional('xcal:dtstart', around('xcal:date-time', dateTime)),
  duration: optional('xcal:duration', propDuration),
  uid: optional('xcal:uid', around('xcal:text', text)),
  value: one('ei:signalPayload', payload),
});

const signal = sequence({
  intervals: one('strm:intervals', sequence({ list: many('ei:interval', interval) })),
  target: optional('ei:eiTarget', eiTarget),
  name: one('ei:signalName', text),
  type: one('ei:signalType', text),
  signalId: one('ei:signalID', text),
  currentValue: optional('ei:currentValue', payload),
});
export type EventSignal = Value<typeof signal>;

/** A demand response event as the VTN has it. */
export const eiEvent = sequence({
  descriptor: one('ei:eventDescriptor', descriptor),
  period: one(
    'ei:eiActivePeriod',
    sequence({ properties: one('xcal:properties', properties), components: empty('xcal:components') }),
  ),
  signals: one('ei:eiEventSignals', sequence({ list: many('ei:eiEventSignal', signal) })),
  target: one('ei:eiTarget', eiTarget),
});
export type EiEvent = Value<typeof eiEvent>;
