import { readFileSync } from 'node:fs';
import type * as transport from '@nats-io/transport-node';
import type { Authenticator } from '@nats-io/transport-node';
import { AgentError, messageOf } from '../../AgentError';
import type { NatsCredentials } from '../options';
import type { Secrets } from './Secrets';
import type { ServerAddress } from './servers';

/** What of the client makes a login. */
export type Logins = Pick<
  typeof transport,
  'credsAuthenticator' | 'nkeyAuthenticator' | 'tokenAuthenticator' | 'usernamePasswordAuthenticator'
>;

const SEED = /^S[A-Z2-7]{57}$/m;
const JWT = /-----BEGIN NATS USER JWT-----\s*(\S+)/;

/**
 * How the host shows who it is; a file is read at each connection, so that it may be replaced. Its secrets are known
 * from here on.
 *
 * @throws AgentError `bus-failed` if a file cannot be read, or is none
 */
export function loginOf(
  given: NatsCredentials | undefined,
  { user, password }: ServerAddress,
  logins: Logins,
  secrets: Secrets,
): Authenticator | undefined {
  if (typeof given === 'string') return fileLogin(given, logins, secrets);
  if (given !== undefined && 'user' in given) return userLogin(given.user, given.password, logins, secrets);
  if (given !== undefined && 'token' in given) return tokenLogin(given.token, logins, secrets);
  if (given !== undefined) return seedLogin(given.nkeySeed, logins, secrets);
  if (user === undefined) return undefined;
  return password === undefined
    ? tokenLogin(user, logins, secrets)
    : userLogin(user, password, logins, secrets);
}

function userLogin(user: string, password: string, logins: Logins, secrets: Secrets): Authenticator {
  secrets.add(password);
  return logins.usernamePasswordAuthenticator(user, password);
}

function tokenLogin(token: string, logins: Logins, secrets: Secrets): Authenticator {
  secrets.add(token);
  return logins.tokenAuthenticator(token);
}

function seedLogin(seed: string, logins: Logins, secrets: Secrets): Authenticator {
  secrets.add(seed);
  if (!SEED.test(seed))
    throw noCredentials('nkeySeed', 'it is no seed of an NKey: that begins with S and has 58 characters');
  return logins.nkeyAuthenticator(new TextEncoder().encode(seed));
}

function fileLogin(path: string, logins: Logins, secrets: Secrets): Authenticator {
  const login = (): Authenticator => {
    const text = contentOf(path);
    const seed = SEED.exec(text)?.[0];
    const jwt = JWT.exec(text)?.[1];
    secrets.add(seed);
    secrets.add(jwt);
    if (seed === undefined)
      throw noCredentials(
        path,
        'there is no seed in it. Give a .creds file, or a file with the seed of an NKey.',
      );
    const bytes = new TextEncoder().encode(jwt === undefined ? seed : text);
    return jwt === undefined ? logins.nkeyAuthenticator(bytes) : logins.credsAuthenticator(bytes);
  };
  // What is wrong with it is said at the first connection, and not as the server's refusal. Later on the client would
  // close for good if this threw, as it may while the file is replaced.
  let last = login();
  return (nonce) => {
    try {
      last = login();
    } catch {
      // The server says what it thinks of the former one.
    }
    return last(nonce);
  };
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw noCredentials(path, messageOf(cause));
  }
}

function noCredentials(what: string, why: string): AgentError {
  return new AgentError('bus-failed', `natsBus: credentials: ${what}: ${why}`);
}
