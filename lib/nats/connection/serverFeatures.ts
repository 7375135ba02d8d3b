import type { ServerInfo } from '@nats-io/transport-node';
import { AgentError } from '../../AgentError';

/** What the kit asks of a server, with the first version that has it. */
const FEATURES = {
  headers: [2, 2],
  'no responders': [2, 2],
  'direct get of kept messages': [2, 9],
} as const;

type Version = readonly [major: number, minor: number];

/**
 * Refuses a server that is too old. Some servers take what they do not know without a word and do not do it, so it is
 * asked by version, at the connection.
 *
 * @param what what needs it
 * @throws AgentError `bus-unsupported`, with the names of what is lacking
 */
export function checkVersion({ version, server_name: name }: ServerInfo, what = 'the bus'): void {
  const lacking = Object.entries(FEATURES).filter(([, first]) => isBefore(toVersion(version), first));
  if (lacking.length === 0) return;
  const needed = lacking.map(([feature, first]) => `${feature} (${first.join('.')})`).join(', ');
  const message = `nats-server ${version} (${name}) is too old for ${what}: it lacks ${needed}. Use 2.9 or later.`;
  throw new AgentError('bus-unsupported', message);
}

/** @param what needs JetStream: "retain: 'last'" */
export function noJetStream(what: string, info: ServerInfo | undefined): AgentError {
  const server = info === undefined ? 'the server' : `nats-server ${info.version} (${info.server_name})`;
  const message = `${what} needs JetStream, which ${server} does not have. Start it with --jetstream, or allow it to this account.`;
  return new AgentError('bus-unsupported', message);
}

function toVersion(text: string): Version {
  const [major = 0, minor = 0] = text.split('.').map((part) => parseInt(part, 10));
  return [major, minor];
}

function isBefore([major, minor]: Version, [firstMajor, firstMinor]: Version): boolean {
  return major < firstMajor || (major === firstMajor && minor < firstMinor);
}
