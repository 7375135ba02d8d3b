import { connect } from 'node:net';
import { codeOf } from '../../readError';
import type { Timers } from '../../time/queue/Timers';
import { pause } from './pause';

export interface Reach {
  readonly timers: Timers;
  /** The longest, in ms. */
  readonly within: number;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Whether servers say something before they are spoken to. */
  readonly isSpoken: boolean;
}

/**
 * Resolves when one of the servers is there. The client itself cannot be called off while it connects, and what it has
 * opened to a server that does not say a word it never closes.
 */
export async function reach(
  servers: readonly string[],
  { timers, within, signal, isSpoken }: Reach,
): Promise<void> {
  const over = new AbortController();
  const end = (): void => {
    over.abort();
  };
  signal.addEventListener('abort', end);
  const late = pause(timers, within);
  try {
    const first = Promise.any(servers.map((server) => answer(server, over.signal, isSpoken)));
    await Promise.race([first, late.passed.then(tooLate)]);
  } catch (error) {
    throw error instanceof AggregateError ? error.errors[0] : error;
  } finally {
    late.end();
    signal.removeEventListener('abort', end);
    end();
  }
}

function answer(server: string, signal: AbortSignal, isSpoken: boolean): Promise<void> {
  const { hostname, port } = new URL(server);
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: hostname.replace(/[[\]]/g, ''),
      port: Number(port || DEFAULT_PORT),
      signal,
    });
    socket.once(isSpoken ? 'data' : 'connect', () => {
      resolve();
    });
    socket.on('error', (error) => {
      // In the client's words.
      reject(codeOf(error) === 'ECONNREFUSED' ? new Error('connection refused', { cause: error }) : error);
    });
    socket.on('close', () => {
      reject(new Error('the connection was closed'));
    });
  });
}

function tooLate(): never {
  throw Object.assign(new Error('timeout'), { name: 'TimeoutError' });
}

const DEFAULT_PORT = 4222;
