import { map, type Observable } from 'rxjs';
import type { AgentContext } from 'rx-agent-kit';
import type { VenConfig } from './config';
import { type Persistent, persistently } from './persistently';
import type { ReportRequest } from './protocol/report';
import { offered } from './reports';
import { isPresent, type Session } from './VenClient';

/** What is offered is to be told, under a registration. */
export interface Offer {
  readonly session: Session;
  /** The request that it answers, if the VTN has asked for it. */
  readonly reportRequestId?: string | undefined;
}

/** What the VTN wants of an offer. */
export interface AnsweredOffer extends Offer {
  readonly requestId: string;
  readonly requests: readonly ReportRequest[];
}

/** Tells the VTN which reports there are: also that there are none. */
export function offering(
  context: AgentContext<VenConfig>,
  offer$: Observable<Offer>,
): Persistent<AnsweredOffer> {
  const task$ = offer$.pipe(map((offer) => ({ ...offer, client: offer.session.client })));
  return persistently(context, task$, {
    name: 'offer',
    isOfUse: ({ session }) => isPresent(session),
    work: async function* offer({ client, session, reportRequestId }, run): AsyncGenerator<AnsweredOffer> {
      const register = offered(client.config, session.venId, client.wallNow(), reportRequestId);
      const { body } = await client.ask(register, run, 'oadrRegisteredReport');
      yield { session, reportRequestId, requestId: body.response.requestId, requests: body.requests };
    },
  });
}
