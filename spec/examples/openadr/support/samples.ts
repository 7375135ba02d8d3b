import type { Message, MessageKind } from '../../../../examples/openadr/ven/protocol/message';
import type { EiEvent } from '../../../../examples/openadr/ven/protocol/event';
import type { OadrReport, ReportRequest } from '../../../../examples/openadr/ven/protocol/report';
import { target } from '../../../../examples/openadr/ven/protocol/target';

export const START = Date.UTC(2026, 0, 31, 8);
export const MINUTE = 60_000;

export const event: EiEvent = {
  descriptor: {
    eventId: 'evt-1',
    modificationNumber: 2,
    modifiedAt: START - 5 * MINUTE,
    modificationReason: 'more & more load <now>',
    priority: 1,
    marketContext: 'http://example.com/peak',
    createdAt: START - 60 * MINUTE,
    status: 'far',
    testEvent: 'false',
    comment: 'ein "Satz" mit Ümlaut',
  },
  period: {
    properties: {
      start: START,
      duration: 60 * MINUTE,
      startAfter: 2 * MINUTE,
      notification: 30 * MINUTE,
      rampUp: 10 * MINUTE,
      recovery: 5 * MINUTE,
    },
  },
  signals: {
    list: [
      {
        intervals: {
          list: [
            { duration: 20 * MINUTE, uid: '0', value: 1 },
            { duration: 40 * MINUTE, uid: '1', value: 2.5 },
          ],
        },
        target: target({ endDevices: ['Thermostat'] }),
        name: 'SIMPLE',
        type: 'level',
        signalId: 'sig-1',
        currentValue: 0,
      },
    ],
  },
  target: target({ groupIds: ['north'], resourceIds: ['r1', 'r2'], venIds: ['ven-1'], partyIds: ['p'] }),
};

const request: ReportRequest = {
  requestId: 'rr-1',
  specifier: {
    specifierId: 'usage',
    granularity: MINUTE,
    reportBack: 5 * MINUTE,
    interval: { start: START, duration: 0 },
    payloads: [{ rId: 'power', readingType: 'Direct Read' }],
  },
};

const metadata: OadrReport = {
  duration: 60 * MINUTE,
  descriptions: [
    {
      rId: 'power',
      subject: target({ meters: ['m-1'] }),
      source: target({ resourceIds: ['r1'] }),
      reportType: 'usage',
      unit: {
        kind: 'power:powerReal',
        description: 'RealPower',
        units: 'W',
        scale: 'k',
        mains: { hertz: 50, voltage: 230, isAc: true },
      },
      readingType: 'Direct Read',
      marketContext: 'http://example.com/peak',
      samplingRate: { minPeriod: 10_000, maxPeriod: 15 * MINUTE, isOnChange: false },
    },
  ],
  requestId: '0',
  specifierId: 'usage',
  name: 'METADATA_TELEMETRY_USAGE',
  createdAt: START,
};

const measured: OadrReport = {
  start: START,
  intervals: {
    list: [
      {
        start: START,
        duration: MINUTE,
        payloads: [{ rId: 'power', confidence: 99, accuracy: 0.5, value: 1.25 }],
      },
      {
        start: START + MINUTE,
        payloads: [
          {
            rId: 'state',
            status: { isOnline: true, isOverridden: false },
            quality: 'Quality Good - Non Specific',
          },
        ],
      },
    ],
  },
  reportId: 'rep-1',
  descriptions: [],
  requestId: 'rr-1',
  specifierId: 'usage',
  name: 'TELEMETRY_USAGE',
  createdAt: START + 2 * MINUTE,
};

const response = { code: '200', description: 'OK', requestId: 'q-1' };
const cancelReport = {
  requestId: 'q-1',
  reportRequestIds: ['rr-1', 'rr-2'],
  isReportToFollow: false,
  venId: 'ven-1',
};

/** A message of each kind, with everything in it that it can have. */
export const samples: { readonly [K in MessageKind]: Message<K>['body'] } = {
  oadrQueryRegistration: { requestId: 'q-1' },
  oadrCreatePartyRegistration: {
    requestId: 'q-1',
    registrationId: 'reg-1',
    venId: 'ven-1',
    profileName: '2.0b',
    transportName: 'simpleHttp',
    transportAddress: 'none',
    isReportOnly: false,
    hasXmlSignature: false,
    venName: 'my ven',
    isHttpPull: true,
  },
  oadrCreatedPartyRegistration: {
    response,
    registrationId: 'reg-1',
    venId: 'ven-1',
    vtnId: 'vtn-1',
    profiles: { list: [{ name: '2.0b', transports: { names: ['simpleHttp', 'xmpp'] } }] },
    pollInterval: 10_000,
  },
  oadrCancelPartyRegistration: { requestId: 'q-1', registrationId: 'reg-1', venId: 'ven-1' },
  oadrCanceledPartyRegistration: { response, registrationId: 'reg-1', venId: 'ven-1' },
  oadrRequestReregistration: { venId: 'ven-1' },
  oadrPoll: { venId: 'ven-1' },
  oadrRequestEvent: { requestId: 'q-1', venId: 'ven-1', replyLimit: 10 },
  oadrDistributeEvent: {
    response,
    requestId: 'q-2',
    vtnId: 'vtn-1',
    events: [
      { event, responseRequired: 'always' },
      { event, responseRequired: 'never' },
    ],
  },
  oadrCreatedEvent: {
    response,
    eventResponses: {
      list: [
        {
          code: '200',
          description: 'OK',
          requestId: 'q-2',
          qualifiedEventId: { eventId: 'evt-1', modificationNumber: 2 },
          opt: 'optIn',
        },
      ],
    },
    venId: 'ven-1',
  },
  oadrResponse: { response, venId: 'ven-1' },
  oadrRegisterReport: { requestId: 'q-1', reports: [metadata], venId: 'ven-1', reportRequestId: '0' },
  oadrRegisteredReport: { response, requests: [request], venId: 'ven-1' },
  oadrCreateReport: { requestId: 'q-1', requests: [request, request], venId: 'ven-1' },
  oadrCreatedReport: { response, pending: { requestIds: ['rr-1', 'rr-2'] }, venId: 'ven-1' },
  oadrUpdateReport: { requestId: 'q-1', reports: [measured], venId: 'ven-1' },
  oadrUpdatedReport: { response, cancelReport, venId: 'ven-1' },
  oadrCancelReport: cancelReport,
  oadrCanceledReport: { response, pending: { requestIds: [] }, venId: 'ven-1' },
};
