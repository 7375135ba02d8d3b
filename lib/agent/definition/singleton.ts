import { type Check, nested, optionTable } from '../../options/checkOptions';
import { aSpan, type Duration, toMs } from '../../time/spans/duration';

/** How it is seen to that one host runs an agent. */
export interface SingletonOptions {
  /**
   * Within what time another host takes over from one that has died, hangs or is cut off. That one ends the agent
   * sooner than that. It is renewed five times in that time. Default `'10s'`.
   */
  readonly lease?: Duration;
}

const SINGLETON = nested(optionTable<SingletonOptions>({ lease: aSpan }, { span: 'lease', ttl: 'lease' }));

export const aSingleton: Check = (given, owner, option) => {
  if (typeof given !== 'boolean') SINGLETON(given, owner, option);
};

/** How long the lease is, in ms; undefined for an agent that is no singleton. */
export function toLease(singleton: boolean | SingletonOptions | undefined): number | undefined {
  if (singleton === undefined || singleton === false) return undefined;
  const { lease = '10s' } = singleton === true ? {} : singleton;
  return toMs(lease);
}
