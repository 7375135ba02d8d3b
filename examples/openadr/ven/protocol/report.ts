import { around, many, one, optional, sequence } from './sequence';
import { boolean, dateTime, duration, float, integer, text, type Value } from './shape';
import { eiTarget } from './target';
import { unitOf } from './unit';

const propDuration = around('xcal:duration', duration);

const description = sequence({
  rId: one('ei:rID', text),
  subject: optional('ei:reportSubject', eiTarget),
  source: optional('ei:reportDataSource', eiTarget),
  reportType: one('ei:reportType', text),
  unit: unitOf,
  readingType: one('ei:readingType', text),
  marketContext: optional('emix:marketContext', text),
  samplingRate: optional(
    'oadr:oadrSamplingRate',
    sequence({
      minPeriod: one('oadr:oadrMinPeriod', duration),
      maxPeriod: one('oadr:oadrMaxPeriod', duration),
      isOnChange: one('oadr:oadrOnChange', boolean),
    }),
  ),
});
export type ReportDescription = Value<typeof description>;

const resourceStatus = sequence({
  isOnline: one('oadr:oadrOnline', boolean),
  isOverridden: one('oadr:oadrManualOverride', boolean),
});

const reportPayload = sequence({
  rId: one('ei:rID', text),
  confidence: optional('ei:confidence', integer),
  accuracy: optional('ei:accuracy', float),
  value: optional('ei:payloadFloat', around('ei:value', float)),
  status: optional('oadr:oadrPayloadResourceStatus', resourceStatus),
  quality: optional('oadr:oadrDataQuality', text),
});

const interval = sequence({
  start: optional('xcal:dtstart', around('xcal:date-time', dateTime)),
  duration: optional('xcal:duration', propDuration),
  uid: optional('xcal:uid', around('xcal:text', text)),
  payloads: many('oadr:oadrReportPayload', reportPayload),
});
export type ReportInterval = Value<typeof interval>;

/** What is offered (METADATA, with descriptions), or what was measured (with intervals). */
export const oadrReport = sequence({
  start: optional('xcal:dtstart', around('xcal:date-time', dateTime)),
  duration: optional('xcal:duration', propDuration),
  intervals: optional('strm:intervals', sequence({ list: many('ei:interval', interval) })),
  reportId: optional('ei:eiReportID', text),
  descriptions: many('oadr:oadrReportDescription', description),
  requestId: one('ei:reportRequestID', text),
  specifierId: one('ei:reportSpecifierID', text),
  name: optional('ei:reportName', text),
  createdAt: one('ei:createdDateTime', dateTime),
});
export type OadrReport = Value<typeof oadrReport>;

const specifierPayload = sequence({
  rId: one('ei:rID', text),
  unit: unitOf,
  readingType: one('ei:readingType', text),
});

const reportInterval = around(
  'xcal:properties',
  sequence({
    start: one('xcal:dtstart', around('xcal:date-time', dateTime)),
    duration: one('xcal:duration', propDuration),
  }),
);

/** What the VTN wants to have reported, how often it is sampled and how often it is sent. */
export const reportRequest = sequence({
  requestId: one('ei:reportRequestID', text),
  specifier: one(
    'ei:reportSpecifier',
    sequence({
      specifierId: one('ei:reportSpecifierID', text),
      granularity: one('xcal:granularity', propDuration),
      reportBack: one('ei:reportBackDuration', propDuration),
      interval: optional('ei:reportInterval', reportInterval),
      payloads: many('ei:specifierPayload', specifierPayload),
    }),
  ),
});
export type ReportRequest = Value<typeof reportRequest>;
