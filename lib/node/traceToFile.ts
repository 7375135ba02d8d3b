import { open } from 'node:fs/promises';
import { AgentError, messageOf } from '../AgentError';
import type { Host } from '../host/createHost';
import { LineWriter } from './LineWriter';
import { endLine, eventLine, headLine } from './TraceLine';

/** How many characters of lines may wait for the disk. */
const WAITING = 4_000_000;

/** What has become of a trace. */
export interface TraceFileReport {
  /** How many events were written, and how many were dropped since the disk was too slow. */
  readonly events: number;
  readonly dropped: number;
}

/** A trace that is being written. */
export interface TraceFile {
  /** Ends it; what is waiting is written first. It ends by itself when the host has stopped. */
  close(): Promise<TraceFileReport>;
  /** Resolves when it has ended, one way or the other. */
  readonly closed: Promise<TraceFileReport>;
}

/**
 * Writes all that happens in a host from now on to a file, one JSON object a line; `rx-agent-kit trace show` draws it.
 * A file that is there is written over. Agents never wait for the disk: when it is too slow events are dropped, and a
 * line says how many. Values are cut short, and what is no JSON is marked; secrets of the host's config file are hidden.
 *
 * Rejects with AgentError `bad-trace-file` if the file cannot be written.
 */
export async function traceToFile(host: Host, path: string): Promise<TraceFile> {
  const file = await open(path, 'w').catch((cause: unknown) => {
    throw new AgentError('bad-trace-file', `The trace ${path} cannot be written: ${messageOf(cause)}`, {
      cause,
    });
  });
  const hide = host.configs?.hide ?? ((text: string) => text);
  const writer = new LineWriter((text) => file.writeFile(text), WAITING, reject);
  let events = 0;
  let end: (report: TraceFileReport) => void = () => undefined;
  const closed = new Promise<TraceFileReport>((resolve) => {
    end = resolve;
  });
  writer.write(headLine(host.name));

  function reject(error: unknown): void {
    subscription.unsubscribe();
    process.emitWarning(`The trace ${path} cannot be written any more: ${messageOf(error)}`);
  }

  const finish = async (): Promise<void> => {
    await writer.flush();
    await file.writeFile(endLine(events, writer.dropped)).catch(() => undefined);
    await file.close();
    end({ events, dropped: writer.dropped });
  };
  // eslint-disable-next-line rxjs-x/no-ignored-error -- It never fails.
  const subscription = host.trace$.subscribe({
    next: (event) => {
      if (writer.write(eventLine(event, hide))) events++;
    },
    complete: () => {
      void finish();
    },
  });
  return {
    closed,
    close: () => {
      if (!subscription.closed) {
        subscription.unsubscribe();
        void finish();
      }
      return closed;
    },
  };
}
