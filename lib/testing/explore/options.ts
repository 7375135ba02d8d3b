import { badOption, type Check, checkOptions, nested, optionTable } from '../../options/checkOptions';
import { aCount, aFlag, aFunction, aNumber } from '../../options/checks';
import { checkMarbles, MARBLE_CHECKS, type MarbleOptions } from '../session/options';
import type { Store } from '../../store/Store';
import type { ExploreReport } from './ExploreReport';
import { aTape } from './tape/tapeText';
import { aSpanFromZero, type Span } from './world/Span';

/** Names, or all of them. */
export type Names = readonly string[] | true;

/** How much later than in the plain run something may come, by its kind. What is left out is never late. */
export interface LatencyOptions {
  /** The delivery of a message to each of its subscribers, each of whom gets them in their order all the same. */
  readonly messages?: Span;
  /** A call's request, and its answer. */
  readonly calls?: Span;
  /** What has come to `run.external`. */
  readonly external?: Span;
  /** What has come of `run.offload`. */
  readonly offload?: Span;
  /** What is to be kept in the store. */
  readonly commits?: Span;
}

/** What may fail. */
export interface FaultOptions {
  /** How many in one run. Default 1. */
  readonly most?: number;
  /**
   * Handlers, by agent and stream (`'orders.charged$'`): before they begin, or behind all that they have done, as when
   * the answer of a server is lost.
   */
  readonly handlers?: Names;
  /** Streams, in the place of a value: the agent ends, or is restarted by its supervisor. */
  readonly streams?: Names;
  /** Procedures of which a call is unreachable. */
  readonly calls?: Names;
  /** Whether the store may refuse what it is to keep, as when a batch breaks off in the midst: it is tried again then. */
  readonly commits?: boolean;
}

/** How the process of a host of the test may end. */
export interface CrashChoices {
  /** How often in one run. Default 1. */
  readonly most?: number;
  /** For how long nothing runs then. Default no time at all. */
  readonly down?: Span;
}

/** What may be done to the agents of the test's hosts, and to the hosts where there are several, at any instant. */
export interface DisturbOptions {
  /** How often in one run. Default 1. */
  readonly most?: number;
  /** Agents that may be stopped. */
  readonly stop?: Names;
  /** Agents that may fail and be started again, with another life. */
  readonly restart?: Names;
  /** Configs that agents may be given. */
  readonly configs?: Readonly<Record<string, readonly unknown[]>>;
  /** For how long the bus of the test's own host may be away. */
  readonly bus?: Span;
  /** For how long one of several hosts may be cut off: from all others, or from the servers. */
  readonly partition?: Span;
  /** For how long one of several hosts may stand still; not the test's own, which shares its time with the body. */
  readonly stall?: Span;
  /** For how long one of several hosts may be down, whose process ends anywhere: `crashes` lets it end round a commit. */
  readonly crash?: Span;
}

/** What is searched, and how long. Those of a marble test hold for each run. */
export interface ExploreOptions extends Omit<MarbleOptions, 'seed' | 'store'> {
  /** Makes the store of each run, which is empty. Default `memoryStore`. */
  readonly store?: () => Store;
  /** How many runs. Default 200. */
  readonly runs?: number;
  /** How many real seconds at most. Default no limit. */
  readonly seconds?: number;
  /** The seed of the search. Default another one each time; a failure prints it. */
  readonly seed?: number;
  /** Runs the one run that a failed search has printed. */
  readonly replay?: string;
  /**
   * Searches all runs one after the other, the simplest first, instead of some at random: up to so many, or up to
   * `runs` where it is `true`. Of spans it takes those instants at which something else is due, and the ends.
   */
  readonly exhaustive?: boolean | number;
  /** How much later than in the plain run messages, calls, `external` and `offload` come. Default not at all. */
  readonly latency?: Span | LatencyOptions;
  /** How long the machine may stand still before an instant. Default not at all. */
  readonly stall?: Span;
  /** What may fail. A number stands for so many, of all kinds. Default one `fault()` of the body. */
  readonly faults?: number | FaultOptions;
  /**
   * What may be done to agents and hosts. A number stands for so many, to all agents and to the bus. Default nothing.
   */
  readonly disturb?: number | DisturbOptions;
  /**
   * How the process of a host of the test may end: right before something is kept in its store, or right after it. The
   * same agents start again there then. A number stands for so many crashes. Default none.
   */
  readonly crashes?: number | CrashChoices;
  /** Is given the report of a search that has found nothing, and of one that has, before it fails. */
  readonly onReport?: (report: ExploreReport) => void;
}

const someNames: Check = (given, owner, option) => {
  if (given === true || (Array.isArray(given) && given.every((name) => typeof name === 'string'))) return;
  throw badOption(owner, option, given, 'has to be a list of names, or true for all');
};

const someConfigs: Check = (given, owner, option) => {
  if (
    typeof given === 'object' &&
    given !== null &&
    Object.values(given).every((list) => Array.isArray(list))
  )
    return;
  throw badOption(owner, option, given, 'has to be lists of configs by the names of agents');
};

const either =
  (one: Check, ofType: string, other: Check): Check =>
  (given, owner, option) => {
    (typeof given === ofType ? one : other)(given, owner, option);
  };

const LATENCY = optionTable<LatencyOptions>(
  {
    messages: aSpanFromZero,
    calls: aSpanFromZero,
    external: aSpanFromZero,
    offload: aSpanFromZero,
    commits: aSpanFromZero,
  },
  { bus: 'messages', replies: 'calls' },
);

const FAULTS = optionTable<FaultOptions>({
  most: aCount(0),
  handlers: someNames,
  streams: someNames,
  calls: someNames,
  commits: aFlag,
});

const CRASHES = optionTable<CrashChoices>({ most: aCount(0), down: aSpanFromZero });

const DISTURB = optionTable<DisturbOptions>(
  {
    most: aCount(0),
    stop: someNames,
    restart: someNames,
    configs: someConfigs,
    bus: aSpanFromZero,
    partition: aSpanFromZero,
    stall: aSpanFromZero,
    crash: aSpanFromZero,
  },
  { config: 'configs', configure: 'configs', drop: 'bus', cut: 'partition', freeze: 'stall' },
);

const aLatency: Check = (given, owner, option) => {
  (typeof given === 'object' ? nested(LATENCY) : aSpanFromZero)(given, owner, option);
};

const EXPLORE = optionTable<ExploreOptions>(
  {
    ...MARBLE_CHECKS,
    store: aFunction,
    runs: aCount(1),
    seconds: aNumber((given) => given > 0, 'a number above 0'),
    seed: aNumber(Number.isFinite, 'a number'),
    replay: aTape,
    exhaustive: either(aCount(1), 'number', aFlag),
    latency: aLatency,
    stall: aSpanFromZero,
    faults: either(aCount(0), 'number', nested(FAULTS)),
    disturb: either(aCount(0), 'number', nested(DISTURB)),
    crashes: either(aCount(0), 'number', nested(CRASHES)),
    onReport: aFunction,
  },
  { timeout: 'seconds', delay: 'latency', tape: 'replay', report: 'onReport', numRuns: 'runs' },
);

/** @throws AgentError `bad-option`, `bad-duration` or `bad-date` */
export function checkExplore(where: string, body: unknown, options: unknown): void {
  checkMarbles(where, body, undefined);
  checkOptions(where, EXPLORE, options);
}

/** Those that hold for each run. What is random in one is chosen: the seed of a search is not drawn from there. */
export function marbleOptionsOf(given: ExploreOptions): MarbleOptions {
  const { store: _, ...rest } = given;
  const stated = Object.entries<unknown>(rest).filter(
    ([name, value]) => name in MARBLE_CHECKS && value !== undefined,
  );
  return { ...(Object.fromEntries(stated) as MarbleOptions), seed: 0 };
}
