import { AgentError } from '../../AgentError';
import { textOf } from '../../readError';
import { checkOptions, optionTable } from '../../options/checkOptions';
import { aName } from '../../options/checks';
import { aSpan, type Duration, toMs } from '../../time/spans/duration';

/** How something is waited for: the name alone, or more. */
export type WaitOptions =
  | string
  | {
      /** What the thing is called in reports; nothing hangs on it. */
      readonly what?: string;
      /** The name of the step: what came is kept, and given at once when the run is repeated. For durable handlers only. */
      readonly step?: string;
      /**
       * How long it is waited for before the wait fails with AgentError `wait-timeout`. Of a `next` with a `step` it goes
       * on over lives, by the wall clock; a retry waits anew for what was over. Default no limit.
       */
      readonly timeout?: Duration;
    };

/** The same, read and checked. */
export interface Expected {
  readonly what: string;
  /** In ms; Infinity for no limit. */
  readonly timeout: number;
  readonly step?: string | undefined;
}

const WAIT = optionTable<Exclude<WaitOptions, string>>(
  { what: aName, timeout: aSpan, step: aName },
  { name: 'what', deadline: 'timeout' },
);

/**
 * @param name what the thing is called if the options do not say it
 * @throws AgentError `bad-option` or `bad-duration`
 */
export function toExpected(options: WaitOptions | undefined, name: () => string): Expected {
  if (options === undefined) return { what: name(), timeout: Infinity };
  if (typeof options === 'string') return { what: options, timeout: Infinity };
  if (typeof options !== 'object' || (options as unknown) === null)
    throw new AgentError(
      'bad-option',
      `A wait takes a name, or options such as { timeout: '5s' }, not ${textOf(options)}.`,
    );
  checkOptions('A wait', WAIT, options);
  const { what = name(), timeout, step } = options;
  return { what, timeout: timeout === undefined ? Infinity : toMs(timeout), step };
}
