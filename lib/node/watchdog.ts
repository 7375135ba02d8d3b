/* eslint-disable no-restricted-globals -- Whether the event loop turns can only be seen in real time. */
import { Worker } from 'node:worker_threads';
import { AgentError } from '../AgentError';
import type { Host } from '../host/Host';
import { checkOptions, optionTable } from '../options/checkOptions';
import { aSpan, type Duration, formatMs, toMs } from '../time/duration';
import type { TraceEvent } from '../trace/TraceEvent';
import { aHost } from './aHost';
import { besides } from './besides';

export interface WatchdogOptions {
  /** How long the event loop may be blocked before that is told of. Default `'1s'`. */
  readonly after?: Duration;
}

const WATCHDOG = optionTable<WatchdogOptions>({ after: aSpan }, { limit: 'after', timeout: 'after' });

/** Who was at work when the event loop stood still. */
interface Suspect {
  readonly agent: string;
  readonly stream: string;
  readonly handler: string | undefined;
}

/** So often in the span it is looked whether the event loop turns. */
const LOOKS = 4;

/**
 * Watches for agents that block the event loop, in which nothing else can run then. A thread of its own writes to
 * stderr who was at work last while the loop is still blocked; afterwards it is an AgentError `blocked` on the host's
 * `errors$`, too. It reads the trace, which costs as much as any other reader, and ends with the host.
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
  /** The number of the latest turn of the event loop, and who was at work last. */
  private readonly shared = new Int32Array(new SharedArrayBuffer(8));
  private readonly worker: Worker;
  private readonly timer: NodeJS.Timeout;
  private readonly subscription;
  private readonly ids = new Map<string, number>();
  private readonly suspects: Suspect[] = [];
  /** The handlers of the runs in flight. */
  private readonly runs = new Map<number, number>();

  constructor(host: Host, after: number) {
    const period = Math.max(1, Math.ceil(after / LOOKS));
    const { shared } = this;
    this.worker = new Worker(besides('watchdogWorker.js') ?? '', {
      workerData: { shared, after, period },
      execArgv: [],
    });
    this.worker.unref();
    this.worker.on('message', ({ suspect, ms }: { readonly suspect: number; readonly ms: number }) => {
      const who = this.suspects[suspect];
      if (who !== undefined) host.report(blocked(who, ms));
    });
    this.timer = setInterval(() => {
      Atomics.add(shared, 0, 1);
    }, period).unref();
    this.at({ agent: host.name, stream: '(no agent)', handler: undefined });
    // eslint-disable-next-line rxjs-x/no-ignored-error -- it never fails
    this.subscription = host.trace$.subscribe({
      next: (event) => {
        this.follow(event);
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

  private follow(event: TraceEvent): void {
    switch (event.type) {
      case 'run-started':
        this.runs.set(event.run, this.at(event));
        break;
      case 'run-resumed': {
        const id = this.runs.get(event.run) ?? 0;
        // The handler goes on in a microtask, as do all that are resumed at this instant, in this order.
        queueMicrotask(() => Atomics.store(this.shared, 1, id));
        break;
      }
      case 'timer-fired':
        this.at({ ...event, handler: undefined });
        break;
      case 'run-settled':
      case 'run-failed':
      case 'run-aborted':
        this.runs.delete(event.run);
        break;
      default:
    }
  }

  /** Notes who is at work now, and gives the number by which the thread knows that name. */
  private at({ agent, stream, handler }: Suspect): number {
    const suspect = { agent, stream, handler };
    const name = nameOf(suspect);
    let id = this.ids.get(name);
    if (id === undefined) {
      id = this.suspects.push(suspect) - 1;
      this.ids.set(name, id);
      this.worker.postMessage(name);
    }
    Atomics.store(this.shared, 1, id);
    return id;
  }
}

function nameOf({ agent, stream, handler }: Suspect): string {
  return handler === undefined ? `${agent}.${stream}` : `${agent}.${stream}, handler ${handler}`;
}

function blocked(suspect: Suspect, ms: number): AgentError {
  const { agent, stream } = suspect;
  const message = `The event loop was blocked for about ${formatMs(ms)}. Last at work: ${nameOf(suspect)}. Give such work to run.offload, or do it in smaller parts.`;
  return new AgentError('blocked', message, { agent, stream });
}
