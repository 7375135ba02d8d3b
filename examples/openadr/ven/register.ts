import type { Run } from 'rx-agent-kit';
import { newId } from './newId';
import { type Body, message } from './protocol/message';
import { RESPONSE } from './protocol/response';
import type { Session, VenClient } from './VenClient';
import { VtnError } from './Vtn';

export type Registration =
  { readonly state: 'querying' | 'creating' } | { readonly state: 'registered'; readonly session: Session };

/** Registers with the VTN, if it has not in an earlier life: asks what it offers, then creates the registration, or renews the one that there is. */
export async function* register(client: VenClient, run: Run): AsyncGenerator<Registration> {
  const resumed = client.resume();
  if (resumed !== undefined) {
    yield { state: 'registered', session: resumed };
    return;
  }
  yield { state: 'querying' };
  const query = message('oadrQueryRegistration', { requestId: newId() });
  const { body: offer } = await client.ask(query, run, 'oadrCreatedPartyRegistration');
  if (offer.profiles?.list.some(({ name }) => name === '2.0b') === false) {
    throw new VtnError('unexpected', `${offer.vtnId} does not speak OpenADR 2.0b`);
  }
  yield { state: 'creating' };
  const { registrationId = offer.registrationId, venId = offer.venId } = client.identity;
  const create = message('oadrCreatePartyRegistration', {
    requestId: newId(),
    registrationId,
    venId,
    profileName: '2.0b',
    transportName: 'simpleHttp',
    isReportOnly: false,
    hasXmlSignature: false,
    venName: client.config.venName,
    isHttpPull: true,
  });
  const created = await askAs(client, create, run);
  client.session = toSession(client, created, offer.pollInterval);
  client.identity = { venId: client.session.venId, registrationId: client.session.registrationId };
  yield { state: 'registered', session: client.session };
}

/** A VTN that does not know the identity any more is asked without it the next time. */
async function askAs(
  client: VenClient,
  create: ReturnType<typeof message<'oadrCreatePartyRegistration'>>,
  run: Run,
): Promise<Body<'oadrCreatedPartyRegistration'>> {
  try {
    return (await client.ask(create, run, 'oadrCreatedPartyRegistration')).body;
  } catch (error) {
    const code = error instanceof VtnError ? error.details.responseCode : undefined;
    if (code === RESPONSE.invalidId || code === RESPONSE.notRegistered) client.lose(code);
    throw error;
  }
}

function toSession(
  client: VenClient,
  { registrationId, venId, vtnId, pollInterval }: Body<'oadrCreatedPartyRegistration'>,
  offered: number | undefined,
): Session {
  if (registrationId === undefined || venId === undefined) {
    throw new VtnError('unexpected', `${vtnId} has registered the VEN without an id`);
  }
  const wanted = [pollInterval, offered].find((interval) => interval !== undefined && interval > 0);
  return {
    client,
    isResumed: false,
    registrationId,
    venId,
    vtnId,
    pollInterval: wanted ?? client.config.pollInterval,
  };
}

/**
 * Cancels the registration, if there is one, and lets go of the VTN in any case. Resolves with what there is to say
 * of it if the VTN has not acknowledged it.
 */
export async function leave(client: VenClient, run: Run): Promise<string | undefined> {
  const { session } = client;
  try {
    if (session === undefined) return undefined;
    const { registrationId, venId } = session;
    const cancel = message('oadrCancelPartyRegistration', { requestId: newId(), registrationId, venId });
    await client.ask(cancel, run, 'oadrCanceledPartyRegistration');
    return undefined;
  } catch (error) {
    if (!(error instanceof VtnError)) throw error;
    run.log.warn('left a VTN that has not acknowledged it', { reason: error.message });
    return `left all the same; the VTN has not acknowledged it: ${error.message}`;
  } finally {
    client.close();
  }
}
