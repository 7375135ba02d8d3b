import { badOption, type Check, optionTable } from '../../options/checkOptions';
import { aNumber } from '../../options/checks';
import { type Duration, toMs } from '../../time/spans/duration';

export interface NetworkOptions {
  /** How long what goes from one host to another is under way: `'20ms'`, or from a shortest to a longest, `'5ms..50ms'`. Default 0. */
  readonly latency?: Duration;
  /** The share of what is under way that is lost: a message, a call or an answer, from 0 to 1. Default 0. */
  readonly loss?: number;
  /** The share of messages that come twice. Default 0. */
  readonly duplication?: number;
  /** The share of messages that may overtake others of the same sender. Default 0. */
  readonly reordering?: number;
  /** The seed of what becomes of each. Default that of the test, or 1. */
  readonly seed?: number;
}

/** The options, read. */
export interface Qualities {
  readonly shortest: number;
  readonly longest: number;
  readonly loss: number;
  readonly duplication: number;
  readonly reordering: number;
}

const RANGE = /^\s*(.+?)\s*\.\.\s*(.+?)\s*$/;

/** @throws AgentError `bad-duration` */
function toRange(latency: Duration): readonly [number, number] {
  const [, from, to] = (typeof latency === 'string' ? RANGE.exec(latency) : undefined) ?? [];
  if (from === undefined || to === undefined) return [toMs(latency), toMs(latency)];
  return [from === '0' ? 0 : toMs(from), toMs(to)];
}

const aLatency: Check = (given, owner, option) => {
  if (typeof given !== 'string' && typeof given !== 'number')
    throw badOption(owner, option, given, "has to be a span, such as '20ms' or '5ms..50ms'");
  const [from, to] = toRange(given);
  if (from > to) throw badOption(owner, option, given, 'has to begin with the shortest');
};

const aShare = aNumber((given) => given >= 0 && given <= 1, 'a share, from 0 to 1');

export const NETWORK = optionTable<NetworkOptions>(
  {
    latency: aLatency,
    loss: aShare,
    duplication: aShare,
    reordering: aShare,
    seed: aNumber(Number.isFinite, 'a number'),
  },
  { delay: 'latency', lost: 'loss', duplicates: 'duplication', reorder: 'reordering' },
);

export function toQualities(options: NetworkOptions): Qualities {
  const { latency = 0, loss = 0, duplication = 0, reordering = 0 } = options;
  const [shortest, longest] = toRange(latency).map(Math.floor) as [number, number];
  return { shortest, longest, loss, duplication, reordering };
}
