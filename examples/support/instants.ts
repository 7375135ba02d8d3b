import { formatMs } from 'rx-agent-kit';

const MINUTE = 60_000;

/** Writes an instant as what has passed since the beginning: to the ms, or to the minute when it is hours. */
export function instant(ms: number): string {
  return ms < 60 * MINUTE
    ? `${(Math.round(ms) / 1000).toFixed(3)}s`
    : formatMs(Math.round(ms / MINUTE) * MINUTE);
}

/** Writes a span as short as it can be told. */
export function span(ms: number): string {
  return formatMs(Math.round(ms));
}
