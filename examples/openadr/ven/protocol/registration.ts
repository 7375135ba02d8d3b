import { around, many, one, optional, sequence } from './sequence';
import { boolean, duration, text, type Value, word } from './shape';
import { eiResponse } from './response';

const profileName = word('2.0a', '2.0b');
const transportName = word('simpleHttp', 'xmpp');

export const queryRegistration = sequence({ requestId: one('pyld:requestID', text) });

export const createPartyRegistration = sequence({
  requestId: one('pyld:requestID', text),
  registrationId: optional('ei:registrationID', text),
  venId: optional('ei:venID', text),
  profileName: one('oadr:oadrProfileName', profileName),
  transportName: one('oadr:oadrTransportName', transportName),
  transportAddress: optional('oadr:oadrTransportAddress', text),
  isReportOnly: one('oadr:oadrReportOnly', boolean),
  hasXmlSignature: one('oadr:oadrXmlSignature', boolean),
  venName: optional('oadr:oadrVenName', text),
  isHttpPull: optional('oadr:oadrHttpPullModel', boolean),
});
export type CreatePartyRegistration = Value<typeof createPartyRegistration>;

const profile = sequence({
  name: one('oadr:oadrProfileName', profileName),
  transports: one(
    'oadr:oadrTransports',
    sequence({ names: many('oadr:oadrTransport', around('oadr:oadrTransportName', transportName)) }),
  ),
});

export const createdPartyRegistration = sequence({
  response: one('ei:eiResponse', eiResponse),
  registrationId: optional('ei:registrationID', text),
  venId: optional('ei:venID', text),
  vtnId: one('ei:vtnID', text),
  /** The schema asks for them, the standard only in the answer to a query: who leaves them out is understood. */
  profiles: optional('oadr:oadrProfiles', sequence({ list: many('oadr:oadrProfile', profile) })),
  /** How often the VEN has to poll, in ms. */
  pollInterval: optional('oadr:oadrRequestedOadrPollFreq', around('xcal:duration', duration)),
});
export type CreatedPartyRegistration = Value<typeof createdPartyRegistration>;

export const cancelPartyRegistration = sequence({
  requestId: one('pyld:requestID', text),
  registrationId: one('ei:registrationID', text),
  venId: optional('ei:venID', text),
});

export const canceledPartyRegistration = sequence({
  response: one('ei:eiResponse', eiResponse),
  registrationId: optional('ei:registrationID', text),
  venId: optional('ei:venID', text),
});

export const requestReregistration = sequence({ venId: one('ei:venID', text) });

export const poll = sequence({ venId: one('ei:venID', text) });

export const plainResponse = sequence({
  response: one('ei:eiResponse', eiResponse),
  venId: optional('ei:venID', text),
});
