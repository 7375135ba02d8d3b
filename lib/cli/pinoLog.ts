import type { Writable } from 'node:stream';
import type { Logger } from 'pino';
import type { Log } from '../trace/Log';
import { commandPackage } from './commandPackage';

export const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type Level = (typeof LEVELS)[number];

/** A log by pino, for people if it goes to a terminal, and in JSON otherwise. */
export async function pinoLog(level: Level, out: Writable & { readonly isTTY?: boolean }): Promise<Log> {
  const { default: pino } = await commandPackage('pino', () => import('pino'));
  const options = {
    level,
    base: null,
    serializers: { cause: pino.stdSerializers.err },
    formatters: { level: (label: string) => ({ level: label }) },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  return toLog(out.isTTY === true ? pino(options, await prettyStream(out)) : pino(options, out));
}

async function prettyStream(out: Writable) {
  const { default: pretty } = await commandPackage('pino-pretty', () => import('pino-pretty'));
  return pretty({
    destination: out,
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
