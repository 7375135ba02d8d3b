import { inspect } from 'node:util';
import { Observable } from 'rxjs';
import type { TraceEvent } from 'rx-agent-kit';
import { instant } from './instants';

/** What an example prints: its values, its retries and its errors, a line each, with the time since it was set up. */
export function transcript(trace$: Observable<TraceEvent>): Observable<string> {
  return new Observable((lines) => {
    let start: number | undefined;
    return trace$.subscribe((event) => {
      start ??= event.at;
      const text = textOf(event);
      if (text === undefined) return;
      const name = 'stream' in event ? `${event.agent}.${event.stream}` : event.agent;
      lines.next(`${instant(event.at - start).padStart(9)}  ${name.padEnd(20)}  ${text}`);
    });
  });
}

/** Writes a value on one line. */
export function show(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  return inspect(value, { breakLength: Infinity, compact: true });
}

function textOf(event: TraceEvent): string | undefined {
  switch (event.type) {
    case 'value':
      return typeof event.value === 'string' ? event.value : show(event.value);
    case 'run-failed':
      return event.willRetry ? `attempt ${event.attempt} failed: ${messageOf(event.error)}` : undefined;
    case 'error':
      return `${event.error.name}: ${event.error.message}`;
    case 'restart-planned':
      return `restarts in ${instant(event.due - event.at)}`;
    default:
      return undefined;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : show(error);
}
