/* eslint-disable no-console -- This is the one place that writes to it. */
import { aPort } from '../options/checks';
import { readable } from '../readError';

/** What a line of the log bears beside its message. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where agents write what people should read: the port that `console`-like and structured loggers are put behind. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** Of an option: a {@link Log}. */
export const aLog = aPort(['debug', 'info', 'warn', 'error'], 'a log, such as console or silentLog');

/** A log that adds the same fields to each line. */
export function withFields(log: Log, fields: LogFields): Log {
  const to = (level: keyof Log) => (message: string, more?: LogFields) => {
    log[level](message, { ...fields, ...more });
  };
  return { debug: to('debug'), info: to('info'), warn: to('warn'), error: to('error') };
}

/** Writes to the host's console. */
export const consoleLog: Log = {
  debug: toConsole('debug'),
  info: toConsole('info'),
  warn: toConsole('warn'),
  error: toConsole('error'),
};

/** Writes nothing. */
export const silentLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };

function nothing(): void {
  // Nobody reads it.
}

/** Consoles look into what they are given, which may throw at that. */
function readableIn(fields: LogFields): LogFields {
  const shown = Object.entries(fields).map(([key, value]) => [key, readable(value)] as const);
  return shown.every(([key, value]) => value === fields[key]) ? fields : Object.fromEntries(shown);
}

/** The console is asked for each line, since others may replace its methods. */
function toConsole(level: keyof Log) {
  return (message: string, fields?: LogFields): void => {
    if (fields === undefined) console[level](message);
    else console[level](message, readableIn(fields));
  };
}
