/* eslint-disable no-restricted-globals -- Whether the event loop turns can only be seen in real time. */
import { Worker } from 'node:worker_threads';
import { AgentError } from '../AgentError';
import { messageOf } from '../readError';
import type { Host } from '../host/Host';
import { checkOptions, optionTable } from '../options/checkOptions';
import { aSpan, type Duration, formatMs, toMs } from '../time/spans/duration';
import { aHost } from './aHost';
import { AtWork, nameOf, type Worker as AtWorker } from './AtWork';
import { besides } from './besides';

export interface WatchdogOptions {
  /** How long the event loop may be blocked before that is told of. Default `'1s'`. */
  readonly after?: Duration;
}

const WATCHDOG = optionTable<WatchdogOptions>({ after: aSpan }, { limit: 'after', timeout: 'after' });

/** So often in the span it is looked whether the event loop turns. */
const LOOKS = 4;

/**
 * Watches for agents that block the event loop, in which nothing else can run then. A thread of its own writes to
 * stderr who was at work last while the loop is still blocked, or that no agent was; afterwards it is an AgentError
 * `blocked` on the host's `errors$`, too. It reads the trace, which costs as much as any other reader, and ends with the host.
 * ```ts
 * watchdog(host, { after: '500ms' });
 * ```
 * @returns what ends it
 * @throws AgentError `bad-option` or `bad-duration`
 */
export function watchdog(host: Host, options?: WatchdogOptions): () => void {
  aHost(host, 'watchdog', 'host');
  checkOptions('watchdog', WATCHDOG, options);
  const dog = new Watchdog(host, toMs(options?.after ?? '1s'));
  return () => {
    dog.end();
  };
}

class Watchdog {
  /** The number of the latest turn of the event loop, and who is at work. */
  private readonly shared = new Int32Array(new SharedArrayBuffer(8));
  private readonly worker: Worker;
  private readonly timer: NodeJS.Timeout;
  private readonly subscription;
  /** Whose runs were under way at the latest turn, and at the one before the loop was blocked. */
  private underWay: readonly string[] = [];
  private underWayThen: readonly string[] = [];

  constructor(host: Host, after: number) {
    const period = Math.max(1, Math.ceil(after / LOOKS));
    const { shared } = this;
    this.worker = new Worker(besides('watchdogWorker.js') ?? '', {
      workerData: { shared, after, period },
      execArgv: [],
    });
    this.worker.unref();
    const work = new AtWork(
      (id) => Atomics.store(shared, 1, id),
      (name) => {
        this.worker.postMessage(name);
      },
    );
    this.worker.on('message', ({ suspect, ms }: { readonly suspect: number; readonly ms: number }) => {
      host.report(blocked(host.name, work.workerOf(suspect), this.underWayThen, ms));
    });
    // A watchdog that has died is no reason for the process to end.
    this.worker.on('error', (error) => {
      this.end();
      process.emitWarning(`The watchdog of ${host.name} has ended: ${messageOf(error)}`);
    });
    let last = performance.now();
    this.timer = setInterval(() => {
      Atomics.add(shared, 0, 1);
      const now = performance.now();
      if (now - last > 2 * period) this.underWayThen = this.underWay;
      this.underWay = work.underWay();
      last = now;
    }, period).unref();
    // eslint-disable-next-line rxjs-x/no-ignored-error -- it never fails
    this.subscription = host.trace$.subscribe({
      next: (event) => {
        work.follow(event);
      },
      complete: () => {
        this.end();
      },
    });
  }

  end(): void {
    clearInterval(this.timer);
    this.subscription.unsubscribe();
    void this.worker.terminate();
  }
}

function blocked(
  host: string,
  worker: AtWorker | undefined,
  underWay: readonly string[],
  ms: number,
): AgentError {
  const what = `The event loop was blocked for about ${formatMs(ms)}`;
  const advice = 'Give such work to run.offload, or do it in smaller parts.';
  if (worker !== undefined) {
    const { agent, stream } = worker;
    return new AgentError('blocked', `${what}. Last at work: ${nameOf(worker)}. ${advice}`, {
      agent,
      stream,
    });
  }
  const others =
    underWay.length === 0
      ? ''
      : ` If it was one of them, it was a handler that had waited for something of its own: ${underWay.join('; ')}.`;
  return new AgentError('blocked', `${what}, when no agent of ${host} was at work.${others} ${advice}`);
}
