import type { OnThrow } from './IsolatingObservable';
import type { Log } from './Log';

/** A log as somebody may write it: with async methods, say. */
type AnyLog = Readonly<Record<keyof Log, (...line: Parameters<Log['info']>) => unknown>>;

/** A log that tells what another one throws, or rejects with, and goes on: no line of a log is worth an agent. */
export function guardedLog(log: AnyLog, onThrow: OnThrow): Log {
  let isTelling = false;
  // Whoever is told may write to the log himself, at which it may throw again.
  const tell = (error: unknown): void => {
    if (isTelling) return;
    isTelling = true;
    onThrow(error);
    isTelling = false;
  };
  const to = (level: keyof Log): Log[typeof level] => {
    return (...line) => {
      try {
        const given = log[level](...line);
        if (given instanceof Promise) given.catch(tell);
      } catch (error) {
        tell(error);
      }
    };
  };
  return { debug: to('debug'), info: to('info'), warn: to('warn'), error: to('error') };
}
