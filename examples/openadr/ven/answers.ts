import type { Polled } from './polling';
import { type Body, type Message, message } from './protocol/message';
import { RESPONSE } from './protocol/response';
import { judgeRequest } from './ReportJob';
import type { ReportControl } from './reporting';
import type { Session, VenClient } from './VenClient';

/** What the VTN's messages may do. */
export interface Effects {
  readonly reports: ReportControl;
  /** Registers anew. */
  readonly rejoin: (client: VenClient) => void;
  /** Takes note that the VTN has cancelled the registration. */
  readonly expel: (session: Session) => void;
}

/** What a message of the VTN's is answered with, and what is done when the VTN has been told, or cannot be. */
export interface Reply {
  readonly message: Message;
  readonly behind?: () => void;
}

/** Whether something could be done; if it could not, the code of the standard and the reason. */
interface Outcome {
  readonly code: string;
  readonly problem?: string | undefined;
}
const OK: Outcome = { code: RESPONSE.ok };

/** What a poll may bring that has to be answered. Events are, but not here. */
export type Demand = Exclude<Polled['answer'], Message<'oadrResponse' | 'oadrDistributeEvent'>>;

export function isDemand(answer: Polled['answer']): answer is Demand {
  return answer.kind !== 'oadrResponse' && answer.kind !== 'oadrDistributeEvent';
}

/**
 * Answers what the VTN wants. What is to be seen in the answer is done at once, and what the VTN has to be told of
 * first behind it.
 */
export function answerTo(session: Session, { kind, body }: Demand, effects: Effects): Reply {
  const { client, venId } = session;
  switch (kind) {
    case 'oadrRequestReregistration':
      return {
        message: message('oadrResponse', { response: response('', OK), venId }),
        behind: () => effects.rejoin(client),
      };
    case 'oadrCancelPartyRegistration':
      return leftBy(session, body, effects);
    case 'oadrCreateReport':
      return asked(session, body, effects);
    case 'oadrCancelReport':
      return cancelled(session, body, effects);
    case 'oadrRegisterReport':
      // The VEN wants none of the VTN's reports.
      return {
        message: message('oadrRegisteredReport', {
          response: response(body.requestId, OK),
          requests: [],
          venId,
        }),
      };
    case 'oadrUpdateReport': {
      const outcome = body.reports.length === 0 ? OK : invalid('no report was asked for');
      return {
        message: message('oadrUpdatedReport', { response: response(body.requestId, outcome), venId }),
      };
    }
  }
}

function leftBy(
  session: Session,
  { requestId, registrationId }: Body<'oadrCancelPartyRegistration'>,
  { expel, reports }: Effects,
): Reply {
  const { client, venId } = session;
  const isPresent = registrationId === session.registrationId;
  if (isPresent) {
    client.lose(RESPONSE.notRegistered);
    reports.end(client.reports.pending, false);
    expel(session);
  }
  const outcome = isPresent ? OK : invalid(`registration ${registrationId} is not known`);
  return {
    message: message('oadrCanceledPartyRegistration', {
      response: response(requestId, outcome),
      registrationId,
      venId,
    }),
  };
}

/** Each request stands alone: those that can be done are, and the code tells of the first one that cannot. */
function asked(
  { client, venId }: Session,
  { requestId, requests }: Body<'oadrCreateReport'>,
  { reports }: Effects,
): Reply {
  const judged = requests.map((request) => judgeRequest(client, request));
  const jobs = judged.flatMap(({ job }) => job ?? []);
  for (const job of jobs) {
    reports.end([client.reports.find(job.requestId) ?? []].flat(), false);
    client.reports.enter(job);
  }
  client.noteOffered();
  const problems = judged.flatMap(({ refusal }) => refusal ?? []);
  const [first] = problems;
  const outcome = first && { code: first.code, problem: problems.map(({ problem }) => problem).join('; ') };
  return {
    message: message('oadrCreatedReport', {
      response: response(requestId, outcome ?? OK),
      pending: { requestIds: client.reports.pendingIds },
      venId,
    }),
    behind: () => reports.start(jobs),
  };
}

/** A report that is to follow is pending until it has been sent. */
function cancelled(
  { client, venId }: Session,
  { requestId, reportRequestIds, isReportToFollow }: Body<'oadrCancelReport'>,
  { reports }: Effects,
): Reply {
  const jobs = reportRequestIds.flatMap((id) => client.reports.find(id) ?? []);
  const unknown = reportRequestIds.filter((id) => client.reports.find(id) === undefined);
  if (!isReportToFollow) reports.end(jobs, false);
  const outcome = unknown.length === 0 ? OK : invalid(`not pending: ${unknown.join(', ')}`);
  return {
    message: message('oadrCanceledReport', {
      response: response(requestId, outcome),
      pending: { requestIds: client.reports.pendingIds },
      venId,
    }),
    behind: () => {
      if (isReportToFollow) reports.end(jobs, true);
    },
  };
}

function invalid(problem: string): Outcome {
  return { code: RESPONSE.invalidId, problem };
}

function response(requestId: string, { code, problem = 'OK' }: Outcome) {
  return { code, description: problem, requestId };
}
