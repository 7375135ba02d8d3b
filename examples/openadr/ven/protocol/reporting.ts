import { oadrReport, reportRequest } from './report';
import { eiResponse } from './response';
import { many, one, optional, sequence } from './sequence';
import { boolean, text } from './shape';

const requestId = one('pyld:requestID', text);
const response = one('ei:eiResponse', eiResponse);
const venId = optional('ei:venID', text);
const reports = many('oadr:oadrReport', oadrReport);
const requests = many('oadr:oadrReportRequest', reportRequest);
const pending = one('oadr:oadrPendingReports', sequence({ requestIds: many('ei:reportRequestID', text) }));

export const registerReport = sequence({
  requestId,
  reports,
  venId,
  reportRequestId: optional('ei:reportRequestID', text),
});

export const registeredReport = sequence({ response, requests, venId });

export const createReport = sequence({ requestId, requests, venId });

export const createdReport = sequence({ response, pending, venId });

export const updateReport = sequence({ requestId, reports, venId });

export const cancelReport = sequence({
  requestId,
  reportRequestIds: many('ei:reportRequestID', text),
  isReportToFollow: one('pyld:reportToFollow', boolean),
  venId,
});

export const updatedReport = sequence({
  response,
  cancelReport: optional('oadr:oadrCancelReport', cancelReport),
  venId,
});

export const canceledReport = sequence({ response, pending, venId });
