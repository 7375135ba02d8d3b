import { setTimeout as pause } from 'node:timers/promises';
import { AgentError, messageOf } from '../../AgentError';
import type { Host } from '../../host/Host';
import { aName } from '../../options/checks';
import { aHost } from '../aHost';
import { LineWriter } from './LineWriter';
import { type FileSink, openSink } from './openSink';
import { endLine, eventLine, headLine } from './TraceLine';

/** How many characters of lines may wait for the disk. */
const WAITING = 4_000_000;
/** How long the last lines may take, in ms. */
const LAST = 5000;

/** What has become of a trace. */
export interface TraceFileReport {
  /** How many events were written, and how many were not, since the disk was too slow or failed. */
  readonly events: number;
  readonly dropped: number;
  /** Why it has ended before its time, if it has. */
  readonly error?: AgentError;
}

/** A trace that is being written. */
export interface TraceFile {
  /** Ends it; what is waiting is written first, if that takes no more than 5 s. It ends by itself when the host has stopped. */
  close(): Promise<TraceFileReport>;
  /** Resolves when it has ended, one way or the other. It never rejects. */
  readonly closed: Promise<TraceFileReport>;
}

/**
 * Writes all that happens in a host from now on to a file, one JSON object a line; `rx-agent-kit trace show` draws it.
 * A file that is there is written over. Agents never wait for the disk: when it is too slow events are dropped, and a
 * line says how many. Values are cut short, and what is no JSON is marked; secrets of the host's config file are hidden.
 *
 * When the file cannot be written any more (a full disk, a pipe whose reader is gone) the trace ends, the agents go on,
 * and `host.errors$` and the log tell of it once: AgentError `bad-trace-file`.
 *
 * Rejects with AgentError `bad-trace-file` if the file cannot be written to begin with.
 */
export async function traceToFile(host: Host, path: string): Promise<TraceFile> {
  aHost(host, 'traceToFile', 'host');
  aName(path, 'traceToFile', 'path');
  const file = await openSink(path).catch((cause: unknown) => {
    throw badTraceFile(`The trace ${path} cannot be written: ${reasonOf(cause)}`, cause);
  });
  return new Recording(host, path, file);
}

class Recording implements TraceFile {
  readonly closed: Promise<TraceFileReport>;
  private readonly writer: LineWriter;
  private readonly subscription;
  private end: (report: TraceFileReport) => void = () => undefined;
  private isEnding = false;
  private hostIsOver = false;
  private error: AgentError | undefined;

  constructor(
    private readonly host: Host,
    private readonly path: string,
    private readonly file: FileSink,
  ) {
    this.closed = new Promise((resolve) => {
      this.end = resolve;
    });
    this.writer = new LineWriter(
      (text) => file.write(text),
      WAITING,
      (error) => {
        this.failed(reasonOf(error), error);
      },
    );
    this.writer.write(headLine(host.name));
    const hide = host.configs?.hide ?? ((text: string) => text);
    // eslint-disable-next-line rxjs-x/no-ignored-error -- It never fails.
    this.subscription = host.trace$.subscribe({
      next: (event) => {
        this.writer.write(eventLine(event, hide));
      },
      complete: () => {
        this.hostIsOver = true;
        void this.close();
      },
    });
  }

  close(): Promise<TraceFileReport> {
    if (!this.isEnding) {
      this.isEnding = true;
      this.subscription.unsubscribe();
      void this.finish();
    }
    return this.closed;
  }

  private async finish(): Promise<void> {
    const { writer, file } = this;
    const late = new AbortController();
    await Promise.race([
      this.writeLast(),
      pause(LAST, undefined, { signal: late.signal }).then(
        () => {
          this.failed(`its last lines have not been taken for ${LAST / 1000} s`);
        },
        () => undefined,
      ),
    ]);
    late.abort();
    // A disk that hangs may hang here, too.
    void file.close();
    const { dropped, written } = writer;
    const events = Math.max(0, written - 1); // the first line is no event
    this.end({ events, dropped, ...(this.error && { error: this.error }) });
  }

  private async writeLast(): Promise<void> {
    const { writer, file } = this;
    await writer.flush();
    if (this.error !== undefined) return;
    await file.write(endLine(writer.written - 1, writer.dropped)).catch((error: unknown) => {
      this.failed(reasonOf(error), error);
    });
  }

  private failed(why: string, cause?: unknown): void {
    if (this.error !== undefined) return;
    this.error = badTraceFile(`The trace ${this.path} cannot be written any more: ${why}`, cause);
    // A host that has stopped tells nobody.
    if (this.hostIsOver) process.emitWarning(this.error.message);
    else this.host.report(this.error);
    void this.close();
  }
}

function badTraceFile(message: string, cause: unknown): AgentError {
  return new AgentError('bad-trace-file', message, cause === undefined ? {} : { cause });
}

function reasonOf(error: unknown): string {
  const { code } = error as { readonly code?: unknown };
  if (code === 'ENXIO') return 'it is a pipe that nobody reads';
  if (code === 'EPIPE') return 'who has read it is gone';
  return messageOf(error);
}
