import type { Run } from 'rx-agent-kit';
import { type Body, message } from './protocol/message';
import type { Session, VenClient } from './VenClient';
import { VtnError } from './Vtn';

export type Registration =
  { readonly state: 'querying' | 'creating' } | { readonly state: 'registered'; readonly session: Session };

/** Registers with the VTN: asks what it offers, then creates the registration, or renews the one that there is. */
export async function* register(client: VenClient, run: Run): AsyncGenerator<Registration> {
  const former = client.session;
  yield { state: 'querying' };
  const query = message('oadrQueryRegistration', { requestId: newId() });
  const { body: offer } = await client.ask(query, run, 'oadrCreatedPartyRegistration');
  if (!offer.profiles.list.some(({ name }) => name === '2.0b')) {
    throw new VtnError('unexpected', `${offer.vtnId} does not speak OpenADR 2.0b`);
  }
  yield { state: 'creating' };
  const create = message('oadrCreatePartyRegistration', {
    requestId: newId(),
    registrationId: former?.registrationId ?? offer.registrationId,
    venId: former?.venId ?? offer.venId ?? client.config.venId,
    profileName: '2.0b',
    transportName: 'simpleHttp',
    isReportOnly: false,
    hasXmlSignature: false,
    venName: client.config.venName,
    isHttpPull: true,
  });
  const { body: created } = await client.ask(create, run, 'oadrCreatedPartyRegistration');
  client.session = toSession(client, created, offer.pollInterval);
  yield { state: 'registered', session: client.session };
}

function toSession(
  client: VenClient,
  { registrationId, venId, vtnId, pollInterval }: Body<'oadrCreatedPartyRegistration'>,
  offered: number | undefined,
): Session {
  if (registrationId === undefined || venId === undefined) {
    throw new VtnError('unexpected', `${vtnId} has registered the VEN without an id`);
  }
  return {
    client,
    registrationId,
    venId,
    vtnId,
    pollInterval: pollInterval ?? offered ?? client.config.pollInterval,
  };
}

/** Cancels the registration, if there is one, and lets go of the VTN in any case. */
export async function leave(client: VenClient, run: Run): Promise<void> {
  const { session } = client;
  try {
    if (session === undefined) return;
    const { registrationId, venId } = session;
    const cancel = message('oadrCancelPartyRegistration', { requestId: newId(), registrationId, venId });
    await client.ask(cancel, run, 'oadrCanceledPartyRegistration');
  } finally {
    client.close();
  }
}

/** An id for a request. */
export function newId(): string {
  return crypto.randomUUID();
}
