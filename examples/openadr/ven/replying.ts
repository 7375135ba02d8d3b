import { type Observable, type Observer, Subject } from 'rxjs';
import type { AgentContext } from 'rx-agent-kit';
import type { VenConfig } from './config';
import type { Polled } from './polling';
import { message, type MessageKind } from './protocol/message';
import { RESPONSE } from './protocol/response';
import type { Reporting } from './reporting';
import { accepted, jobsOf } from './reports';
import type { Session, VenClient } from './VenClient';

const METADATA = 'METADATA';

export interface Replying {
  /** The kinds of what was replied to. */
  readonly replies$: Observable<MessageKind>;
  /** Registrations that the VTN has cancelled. */
  readonly expelled$: Observable<Session>;
}

/** Does what the VTN asks for in answer to a poll, and tells it so. Events are not taken in here. */
export function replying(
  { handle }: AgentContext<VenConfig>,
  polls$: Observable<Polled>,
  reporting: Reporting,
  rejoin$: Observer<VenClient>,
): Replying {
  const expelled$ = new Subject<Session>();

  const replies$ = polls$.pipe(
    handle.concat(async function* reply({ session, answer }, run): AsyncGenerator<MessageKind> {
      const { client, venId } = session;
      const respond = (requestId: string) => ({ code: RESPONSE.ok, description: 'OK', requestId });
      switch (answer.kind) {
        case 'oadrResponse':
        case 'oadrDistributeEvent':
          return;
        case 'oadrRequestReregistration':
          rejoin$.next(client);
          break;
        case 'oadrCancelPartyRegistration': {
          const { requestId, registrationId } = answer.body;
          client.session = undefined;
          expelled$.next(session);
          await client.ask(
            message('oadrCanceledPartyRegistration', { response: respond(requestId), registrationId, venId }),
            run,
            'oadrResponse',
          );
          break;
        }
        case 'oadrCreateReport': {
          const jobs = jobsOf(client, answer.body.requests);
          reporting.start(jobs);
          await client.ask(
            accepted(
              answer.body.requestId,
              jobs.map(({ requestId }) => requestId),
              venId,
            ),
            run,
            'oadrResponse',
          );
          if (answer.body.requests.some(({ specifier }) => specifier.specifierId === METADATA))
            reporting.offer(session);
          break;
        }
        case 'oadrCancelReport': {
          const { requestId, reportRequestIds } = answer.body;
          reporting.cancel(reportRequestIds);
          const canceled = { response: respond(requestId), pending: { requestIds: [] }, venId };
          await client.ask(message('oadrCanceledReport', canceled), run, 'oadrResponse');
          break;
        }
        case 'oadrRegisterReport': {
          const registered = { response: respond(answer.body.requestId), requests: [], venId };
          await client.ask(message('oadrRegisteredReport', registered), run, 'oadrResponse');
          break;
        }
        case 'oadrUpdateReport':
          await client.ask(
            message('oadrUpdatedReport', { response: respond(answer.body.requestId), venId }),
            run,
            'oadrResponse',
          );
          break;
      }
      yield answer.kind;
    }),
  );
  return { replies$, expelled$ };
}
