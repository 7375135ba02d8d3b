import type { DisturbOptions, ExploreOptions, FaultOptions, LatencyOptions, Names } from '../options';
import { longestOf } from './Span';

/** How late things may be, in ms. */
export type LatencyPlan = Readonly<Record<keyof LatencyOptions, number>>;

export type FaultPlan = Readonly<Required<Pick<FaultOptions, 'most'>>> & {
  readonly handlers: Names;
  readonly streams: Names;
  readonly calls: Names;
  readonly commits: boolean;
};

export interface CrashPlan {
  readonly most: number;
  /** For how many ms nothing runs then. */
  readonly down: number;
  /** Whether it is never less. */
  readonly isAlwaysAsLong: boolean;
}

export interface DisturbPlan {
  readonly most: number;
  readonly stop: Names;
  readonly restart: Names;
  readonly configs: Readonly<Record<string, readonly unknown[]>>;
  /** For how many ms the bus may be away; 0 for never. */
  readonly bus: number;
  /** For how many ms one of several hosts may be cut off, stand still, or be down; 0 for never. */
  readonly partition: number;
  readonly stall: number;
  readonly crash: number;
}

/** What may happen in the runs of a search, with all defaults. */
export interface WorldPlan {
  readonly latency: LatencyPlan;
  readonly stall: number;
  readonly faults: FaultPlan;
  readonly disturb: DisturbPlan;
  readonly crashes: CrashPlan;
}

const NOBODY: Names = [];
/** For how long the bus is away at most where nothing is said of that. */
const BUS_AWAY = 1000;
const NO_TROUBLE = { partition: 0, stall: 0, crash: 0 };

export function toWorldPlan(options: ExploreOptions): WorldPlan {
  return {
    latency: toLatency(options.latency),
    stall: options.stall === undefined ? 0 : longestOf(options.stall, 'explore', 'stall'),
    faults: toFaults(options.faults),
    disturb: toDisturb(options.disturb),
    crashes: toCrashes(options.crashes),
  };
}

/** Whether a name is among those that are meant. */
export function isNamed(names: Names, name: string): boolean {
  return names === true || names.includes(name);
}

function toLatency(given: ExploreOptions['latency']): LatencyPlan {
  const ms = (span: number | string | undefined): number =>
    span === undefined ? 0 : longestOf(span, 'explore', 'latency');
  if (typeof given !== 'object')
    return {
      messages: ms(given),
      calls: ms(given),
      external: ms(given),
      offload: ms(given),
      commits: ms(given),
    };
  return {
    messages: ms(given.messages),
    calls: ms(given.calls),
    external: ms(given.external),
    offload: ms(given.offload),
    commits: ms(given.commits),
  };
}

function toFaults(given: ExploreOptions['faults']): FaultPlan {
  if (typeof given === 'number')
    return { most: given, handlers: true, streams: true, calls: true, commits: true };
  return {
    most: given?.most ?? 1,
    handlers: given?.handlers ?? NOBODY,
    streams: given?.streams ?? NOBODY,
    calls: given?.calls ?? NOBODY,
    commits: given?.commits ?? false,
  };
}

function toCrashes(given: ExploreOptions['crashes']): CrashPlan {
  if (typeof given === 'number') return { most: given, down: 0, isAlwaysAsLong: false };
  const { most = 1, down } = given ?? {};
  return {
    most: given === undefined ? 0 : most,
    down: down === undefined ? 0 : longestOf(down, 'explore', 'crashes.down'),
    isAlwaysAsLong: false,
  };
}

function toDisturb(given: number | DisturbOptions | undefined): DisturbPlan {
  if (typeof given === 'number')
    return { most: given, stop: true, restart: true, configs: {}, bus: BUS_AWAY, ...NO_TROUBLE };
  const { most = 1, stop = NOBODY, restart = NOBODY, configs = {} } = given ?? {};
  const ms = (option: 'bus' | 'partition' | 'stall' | 'crash'): number => {
    const span = given?.[option];
    return span === undefined ? 0 : longestOf(span, 'explore', `disturb.${option}`);
  };
  return {
    most: given === undefined ? 0 : most,
    stop,
    restart,
    configs,
    bus: ms('bus'),
    partition: ms('partition'),
    stall: ms('stall'),
    crash: ms('crash'),
  };
}
