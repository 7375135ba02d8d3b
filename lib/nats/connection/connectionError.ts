import { AgentError, messageOf } from '../../AgentError';
import { codeOf, read } from '../../readError';
import type { Secrets } from './Secrets';

/** What is wrong with a connection, in words that give nothing away. */
export function connectionError(
  servers: readonly string[],
  what: string,
  thrown: unknown,
  secrets: Secrets,
): AgentError {
  const code = codeOf(read(thrown, 'cause')) ?? codeOf(thrown);
  const text = secrets.hide(messageOf(thrown));
  const why = text === '' ? (code ?? 'it does not say why') : text;
  const message = `NATS at ${servers.join(', ')}: ${what}: ${why}`;
  return new AgentError('bus-failed', message, { cause: secrets.hideIn(thrown) });
}
