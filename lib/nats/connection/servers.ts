/** A server, and who stands in its URL. */
export interface ServerAddress {
  /** As the client wants it and as messages show it: without a user. */
  readonly url: string;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly isEncrypted: boolean;
}

export const DEFAULT_SERVER = 'nats://127.0.0.1:4222';
export const NO_SERVER = "the URL of a server, such as 'nats://broker:4222' or 'tls://broker:4222'";

const PROTOCOLS = ['nats:', 'tls:'];

export function isServerUrl(given: unknown): given is string {
  return typeof given === 'string' && parsed(given) !== undefined;
}

/** Reads a URL that has been checked. */
export function toServer(text: string): ServerAddress {
  const url = parsed(text);
  if (url === undefined) throw new TypeError(NO_SERVER);
  const { protocol, host, username, password } = url;
  return {
    url: `${protocol}//${host}`,
    user: decoded(username),
    password: decoded(password),
    isEncrypted: protocol === 'tls:',
  };
}

/** A host alone, `broker` or `broker:4222`, is one, too, as everywhere with NATS. */
function parsed(text: string): URL | undefined {
  const whole = text.includes('://') ? text : `nats://${text}`;
  if (!URL.canParse(whole)) return undefined;
  const url = new URL(whole);
  return PROTOCOLS.includes(url.protocol) && url.hostname !== '' ? url : undefined;
}

function decoded(part: string): string | undefined {
  if (part === '') return undefined;
  try {
    return decodeURIComponent(part);
  } catch {
    // A percent sign that begins no escape is one.
    return part;
  }
}
