import type { Writable } from 'node:stream';
import type { Logger } from 'pino';
import type { Log } from '../trace/Log';
import { commandPackage } from './commandPackage';
import { LogSink } from './LogSink';

export const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type Level = (typeof LEVELS)[number];

/**
 * A log by pino, for people if it goes to a terminal, and in JSON otherwise.
 *
 * @param tell is told once of each time that the log cannot be written
 */
export async function pinoLog(
  level: Level,
  out: Writable & { readonly isTTY?: boolean },
  tell: (text: string) => void,
): Promise<Log> {
  const { default: pino } = await commandPackage('pino', () => import('pino'));
  const { stream } = new LogSink(out, {
    loses: (why) => {
      tell(`The log cannot be written: ${why}. The agents go on; Ctrl-C or SIGTERM stops them.`);
    },
    recovers: (lost) => {
      logger.warn(`${lost === 1 ? 'a line' : `${lost} lines`} of this log could not be written`);
    },
  });
  const options = {
    level,
    base: null,
    serializers: { cause: pino.stdSerializers.err },
    formatters: { level: (label: string) => ({ level: label }) },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  const logger = out.isTTY === true ? pino(options, await prettyStream(stream, out)) : pino(options, stream);
  return toLog(logger);
}

async function prettyStream(destination: Writable, out: Writable & { readonly hasColors?: () => boolean }) {
  const { default: pretty } = await commandPackage('pino-pretty', () => import('pino-pretty'));
  return pretty({
    destination,
    colorize: out.hasColors?.() ?? false,
    sync: true,
    singleLine: true,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'cause',
  });
}

function toLog(logger: Logger): Log {
  const to =
    (level: keyof Log) =>
    (message: string, fields: object = {}) => {
      logger[level](fields, message);
    };
  return { debug: to('debug'), info: to('info'), warn: to('warn'), error: to('error') };
}
