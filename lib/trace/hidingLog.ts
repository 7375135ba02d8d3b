import type { Hide } from './Hide';
import { hideIn } from './hideIn';
import type { Log, LogFields } from './Log';

/** A log in which what is secret is written over, in its messages and in what they bear. */
export function hidingLog(log: Log, hide: Hide): Log {
  const to = (level: keyof Log): Log[typeof level] => {
    return (message, fields) => {
      if (fields === undefined) log[level](hide(message));
      else log[level](hide(message), hideIn(fields, hide) as LogFields);
    };
  };
  return { debug: to('debug'), info: to('info'), warn: to('warn'), error: to('error') };
}
