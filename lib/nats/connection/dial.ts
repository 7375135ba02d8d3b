import type * as transport from '@nats-io/transport-node';
import type { ConnectionOptions, NatsConnection } from '@nats-io/transport-node';
import { codeOf, read } from '../../readError';
import { optionalPackage } from '../../node/optionalPackage';
import { type Backoff, toBackoff } from '../../time/spans/backoff';
import { toMs } from '../../time/spans/duration';
import type { Timers } from '../../time/queue/Timers';
import { liveRandom } from '../../time/spans/random';
import type { NatsServerOptions } from '../options';
import { loginOf } from './login';
import { pause } from './pause';
import { reach } from './reach';
import type { Secrets } from './Secrets';
import { DEFAULT_SERVER, toServer } from './servers';

export type NatsClient = typeof transport;

/** The waits between two tries to connect: hosts that have lost one server do not all come back at once. */
const waits: Backoff = toBackoff({ from: '250ms', to: '5s', jitter: 0.5 });

/** What says that nobody is there yet, or that the way there is not. All else will be the same the next time. */
const TRANSIENT = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
];

/** @param what what needs it */
export function loadClient(what = 'natsBus'): Promise<NatsClient> {
  return optionalPackage('@nats-io/transport-node', what, () => import('@nats-io/transport-node'));
}

export function toServers({ servers = DEFAULT_SERVER }: NatsServerOptions): readonly string[] {
  const all = typeof servers === 'string' ? [servers] : servers;
  return all.map((server) => toServer(server).url);
}

/**
 * The client's options.
 *
 * @throws AgentError `bus-failed` if there are no credentials where they should be
 */
export function connectionOptions(
  client: NatsClient,
  options: NatsServerOptions,
  name: string,
  secrets: Secrets,
): ConnectionOptions {
  const { servers = DEFAULT_SERVER, credentials, tls, pingInterval = '10s' } = options;
  const first = toServer(typeof servers === 'string' ? servers : (servers[0] ?? DEFAULT_SERVER));
  const authenticator = loginOf(credentials, first, client, secrets);
  return {
    servers: [...toServers(options)],
    name,
    ...(authenticator !== undefined && { authenticator }),
    ...((tls !== undefined || first.isEncrypted) && { tls: toTls(tls) }),
    pingInterval: toMs(pingInterval),
    maxPingOut: 2,
    maxReconnectAttempts: -1,
    // A login that is refused may be a server's that has just come up; at the first connection it is an error.
    ignoreAuthErrorAbort: true,
    noAsyncTraces: true,
  };
}

/**
 * Connects for the first time, as often as it takes up to the deadline; gives undefined if that is not wanted any more.
 * What will be the same the next time is thrown at once.
 *
 * @param signal says that it is not wanted any more
 */
export async function dial(
  client: NatsClient,
  options: ConnectionOptions,
  timers: Timers,
  deadline: number,
  signal: AbortSignal,
): Promise<NatsConnection | undefined> {
  const isSpoken = read(options.tls, 'handshakeFirst') !== true;
  const isOver = (): boolean => signal.aborted;
  for (let attempt = 1; !isOver(); attempt++) {
    const left = (): number => Math.max(1, deadline - timers.now());
    try {
      await reach(options.servers as string[], { timers, within: left(), signal, isSpoken });
      if (isOver()) break;
      return await client.connect({ ...options, timeout: left() });
    } catch (error) {
      if (isOver()) break;
      const wait = waits(attempt, liveRandom);
      if (!isTransient(error) || timers.now() + wait > deadline) throw error;
      await pauseUnless(signal, timers, wait);
    }
  }
  return undefined;
}

async function pauseUnless(signal: AbortSignal, timers: Timers, ms: number): Promise<void> {
  const { passed, end } = pause(timers, ms);
  signal.addEventListener('abort', end);
  await passed;
  signal.removeEventListener('abort', end);
}

/** Gives the wait before each try to come back; the client asks several times for one. */
export function steadyWaits(): {
  readonly tried: () => void;
  readonly back: () => void;
  readonly wait: () => number;
} {
  let attempt = 1;
  let wait = waits(attempt, liveRandom);
  const next = (to: number): void => {
    attempt = to;
    wait = waits(attempt, liveRandom);
  };
  return {
    tried: () => {
      next(attempt + 1);
    },
    back: () => {
      next(1);
    },
    wait: () => wait,
  };
}

function toTls({ ca, cert, key, first }: NonNullable<NatsServerOptions['tls']> = {}): NonNullable<
  ConnectionOptions['tls']
> {
  return {
    ...(ca !== undefined && { caFile: ca }),
    ...(cert !== undefined && { certFile: cert }),
    ...(key !== undefined && { keyFile: key }),
    ...(first !== undefined && { handshakeFirst: first }),
  };
}

/** Whether it may be another time the next time. */
function isTransient(error: unknown): boolean {
  const codes = [codeOf(error), codeOf(read(error, 'cause'))];
  return (
    codes.some((code) => code !== undefined && TRANSIENT.includes(code)) ||
    read(error, 'name') === 'TimeoutError'
  );
}
