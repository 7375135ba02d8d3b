import { badOption, type Check, nested, optionTable } from '../options/checkOptions';
import { aCount, aFlag, aFunction, aName, must } from '../options/checks';
import { BACKOFF, type BackoffOptions } from '../time/spans/backoff';
import { aSpan, type Duration } from '../time/spans/duration';
import { isServerUrl, NO_SERVER } from './connection/servers';

/** How a host shows who it is. */
export type NatsCredentials =
  /** The file of an NKey's seed, or one that `nsc` has written (`.creds`). It is read at each connection. */
  | string
  | { readonly user: string; readonly password: string }
  | { readonly token: string }
  | { readonly nkeySeed: string };

/** Files in PEM. */
export interface NatsTls {
  /** Whom to trust. Default what Node trusts. */
  readonly ca?: string;
  /** The host's own certificate, with its key, if the server asks for one. */
  readonly cert?: string;
  readonly key?: string;
  /** Whether the connection is encrypted before the server has said anything. Default false. */
  readonly first?: boolean;
}

/** How servers are reached, whatever for. */
export interface NatsServerOptions {
  /** Where the servers are: `'nats://broker:4222'`, or several of one cluster. Default `'nats://127.0.0.1:4222'`. */
  readonly servers?: string | readonly string[];
  /** What messages name as their sender, and tools as the service. Default the host's name. */
  readonly name?: string;
  /** Who this is. Default nobody, or who stands in the URL. */
  readonly credentials?: NatsCredentials;
  /** How the connection is encrypted. Default as the server wants it. */
  readonly tls?: NatsTls;
  /** What all subjects begin with, so that several farms can share servers: `'farm1'`. Default nothing. */
  readonly prefix?: string;
  /** How long the first connection may take, servers that are not there yet included. Default `'10s'`. */
  readonly connectTimeout?: Duration;
  /** How often the connection is tried, so that one which is cut off is noticed. Default `'10s'`. */
  readonly pingInterval?: Duration;
}

export interface NatsBusOptions extends NatsServerOptions {
  /** How many messages are kept while the connection is away, and published when it is back. Default 10,000. */
  readonly buffer?: number;
  /** The longest that a stop waits for what is on its way. Default `'2s'`. */
  readonly drainTimeout?: Duration;
  /** How often a message of a durable topic is delivered at most; then it is dead. Default 10. */
  readonly maxDeliver?: number;
  /** The waits before a message that has failed comes again. Default from a second to a minute, each twice as long. */
  readonly redelivery?: BackoffOptions;
  /** How many servers of a cluster keep what is durable. Default 1. */
  readonly replicas?: number;
  /** Gives the W3C trace parent of whatever sends a message or a call. Default none. */
  readonly traceParent?: () => string | undefined;
}

export interface NatsStoreOptions extends NatsServerOptions {
  /** On how many servers of a cluster the entries are kept. It counts when the first host opens the store. Default 1. */
  readonly replicas?: number;
}

export interface NatsConfigsOptions extends NatsServerOptions {
  /** The bucket with the configs; it is made if it is not there. Default `'rx-configs'`, with the prefix in the place of `rx`. */
  readonly bucket?: string;
}

const PREFIX = /^[^\s.*>]+(\.[^\s.*>]+)*$/u;

const aServer = must(isServerUrl, NO_SERVER);

const servers: Check = (given, owner, option) => {
  const all = Array.isArray(given) ? (given as readonly unknown[]) : [given];
  if (all.length === 0) throw badOption(owner, option, given, 'has to name one server at least');
  for (const server of all) aServer(server, owner, option);
};

const FORMS: readonly (readonly string[])[] = [['user', 'password'], ['token'], ['nkeySeed']];

/** What is given is not shown: it may be a secret. */
const credentials: Check = (given, owner, option) => {
  if (typeof given === 'string' && given !== '') return;
  const parts = typeof given === 'object' && given !== null ? given : {};
  const isForm = FORMS.some(
    (names) =>
      Object.keys(parts).length === names.length &&
      names.every((name) => typeof (parts as Readonly<Record<string, unknown>>)[name] === 'string'),
  );
  if (!isForm)
    throw badOption(
      owner,
      option,
      Object.keys(parts),
      'has to be the path of a file, { user, password }, { token } or { nkeySeed }',
    );
};

const TLS = optionTable<NatsTls>(
  { ca: aName, cert: aName, key: aName, first: aFlag },
  { caFile: 'ca', certFile: 'cert', keyFile: 'key', handshakeFirst: 'first' },
);

const SERVER: { readonly [Name in keyof NatsServerOptions]-?: Check } = {
  servers,
  name: aName,
  credentials,
  tls: nested(TLS),
  prefix: must(
    (given) => typeof given === 'string' && PREFIX.test(given),
    "tokens between dots, such as 'farm1'",
  ),
  connectTimeout: aSpan,
  pingInterval: aSpan,
};

const ALIASES = {
  server: 'servers',
  url: 'servers',
  creds: 'credentials',
  namespace: 'prefix',
  timeout: 'connectTimeout',
} as const;

export const NATS_BUS = optionTable<NatsBusOptions>(
  {
    ...SERVER,
    buffer: aCount(0),
    drainTimeout: aSpan,
    maxDeliver: aCount(1),
    redelivery: nested(BACKOFF),
    replicas: aCount(1),
    traceParent: aFunction,
  },
  ALIASES,
);

export const NATS_STORE = optionTable<NatsStoreOptions>({ ...SERVER, replicas: aCount(1) }, ALIASES);

export const NATS_LEASES = optionTable<NatsServerOptions>(SERVER, ALIASES);

export const NATS_CONFIGS = optionTable<NatsConfigsOptions>(
  {
    ...SERVER,
    bucket: must(
      (given) => typeof given === 'string' && /^[-\w]+$/.test(given),
      "the name of a bucket: letters, digits, '-' and '_'",
    ),
  },
  ALIASES,
);
