import { availableParallelism } from 'node:os';
import type { Piscina } from 'piscina';
import { AgentError, messageOf } from '../AgentError';
import { nameOfWork, type Offloader, type OffloadWork } from '../handlers/waits/Offloader';
import { checkOptions, optionTable } from '../options/checkOptions';
import { aCount } from '../options/checks';
import { aSpan, type Duration, toMs } from '../time/spans/duration';
import { besides } from './besides';
import { optionalPackage } from './optionalPackage';

export interface WorkerPoolOptions {
  /** How many threads work at once; what comes beyond that waits. Default as many as the machine runs at once. */
  readonly threads?: number;
  /** How long a thread without work is kept. Default `'30s'`. */
  readonly idle?: Duration;
}

const WORKER_POOL = optionTable<WorkerPoolOptions>(
  { threads: aCount(1), idle: aSpan },
  { size: 'threads', workers: 'threads', maxThreads: 'threads', idleTimeout: 'idle' },
);

/** What the worker is sent, and what it gives back. */
type Task = ({ readonly text: string } | { readonly module: string; readonly name: string }) & {
  readonly args: readonly unknown[];
};
type Reply =
  | { readonly value: unknown }
  | { readonly thrown: unknown }
  | { readonly notSent: string }
  | { readonly error: SentError & { readonly free?: string } };

interface SentError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly code?: unknown;
}

const WORKER = besides('offloadWorker.js');

/**
 * Threads for the blocking work of handlers: what `run.offload` runs on. Needs the package `piscina`, which loads
 * under Jest as well and ends the thread of what is aborted. No thread is started before there is work, and none
 * keeps the process from ending. A pool is for one host, and is closed with it.
 * ```ts
 * const host = createHost({ offload: workerPool() });
 * ```
 * @throws AgentError `bad-option` or `bad-duration`
 */
export function workerPool(options?: WorkerPoolOptions): Offloader {
  checkOptions('workerPool', WORKER_POOL, options);
  const { threads = availableParallelism(), idle = '30s' } = options ?? {};
  return new WorkerPool(threads, toMs(idle));
}

class WorkerPool implements Offloader {
  private pool: Promise<Piscina> | undefined;

  constructor(
    private readonly threads: number,
    private readonly idle: number,
  ) {}

  async run(work: OffloadWork, args: readonly unknown[], signal: AbortSignal): Promise<unknown> {
    const task = toTask(work, args);
    const pool = await (this.pool ??= this.open());
    const reply = (await pool.run(task, { signal }).catch((error: unknown) => {
      throw notDone(work, error);
    })) as Reply;
    if ('value' in reply) return reply.value;
    if ('notSent' in reply)
      throw cannotOffload(work, `its result cannot be sent back (${reply.notSent}). ${CLONED}`);
    throw 'thrown' in reply ? reply.thrown : toError(work, reply.error);
  }

  async close(): Promise<void> {
    const { pool } = this;
    this.pool = undefined;
    // One that could not be opened has been told of by the work that it was opened for.
    await (await pool?.catch(() => undefined))?.destroy();
  }

  private async open(): Promise<Piscina> {
    // The default export is the same in ESM and in what Jest makes of CommonJS.
    const { default: Piscina } = await optionalPackage('piscina', 'run.offload', () => import('piscina'));
    const pool = new Piscina({
      filename: String(WORKER),
      minThreads: 0,
      maxThreads: this.threads,
      idleTimeout: this.idle,
      atomics: 'disabled',
    });
    // Whoever waits for the work is told; without a listener the process would end.
    pool.on('error', () => undefined);
    return pool;
  }
}

function toTask(work: OffloadWork, args: readonly unknown[]): Task {
  if (work instanceof URL) {
    const { hash } = work;
    const module = new URL(work);
    module.hash = '';
    return { module: module.href, name: hash === '' ? 'default' : decodeURIComponent(hash.slice(1)), args };
  }
  const text = Function.prototype.toString.call(work);
  if (!text.endsWith('{ [native code] }')) return { text, args };
  throw cannotOffload(
    work,
    'it has no text that could be sent, being native or bound. Wrap it in a function.',
  );
}

/** The worker could not be given the work, or has come to an end. */
function notDone(work: OffloadWork, error: unknown): AgentError {
  const { name, message = '' } = error as Partial<Error>;
  if (name === 'DataCloneError')
    return cannotOffload(work, `an argument cannot be sent to a worker (${message}). ${CLONED}`, error);
  return cannotOffload(work, `its worker has come to an end: ${messageOf(error)}`, error);
}

const CLONED =
  'Arguments and results go by structured clone: plain data, Maps, typed arrays and the like, no functions.';

function toError(work: OffloadWork, sent: SentError & { readonly free?: string }): Error {
  const error = Object.assign(new Error(sent.message), sent.code !== undefined && { code: sent.code });
  error.name = sent.name;
  if (sent.stack !== undefined) error.stack = sent.stack;
  if (sent.free === undefined) return error;
  const why = `it uses ${sent.free}, which is not there. A function is sent as text and sees nothing around it: give it what it needs in args, or put it in a module and give its URL.`;
  return cannotOffload(work, why, error);
}

function cannotOffload(work: OffloadWork, why: string, cause?: unknown): AgentError {
  const message = `${nameOfWork(work)} cannot be offloaded: ${why}`;
  return new AgentError('cannot-offload', message, cause === undefined ? {} : { cause });
}
