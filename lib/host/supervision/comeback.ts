import type { Standing } from '../../agent/life/standing';
import { type LookUp, missingNeeds, type Needing } from '../order/needs';
import type { Strategy } from './group';

/** The way back of one agent that has failed, and of those that have to go down with it. */
export interface Comeback<A extends Needing = Needing> {
  /** In the order in which they have started. */
  readonly agents: readonly A[];
  /** They go down, each before those that it needs; they wait; they start, each when those that it needs are ready. */
  readonly stage: 'falling' | 'waiting' | 'rising';
  /** Whether each needs the one before it, too, of those that are left. */
  readonly isChain: boolean;
}

/** What a comeback needs now. It is worked out anew from how the agents are, at each change. */
export type Move<A extends Needing> =
  | { readonly do: 'suspend' | 'begin'; readonly agent: A }
  | { readonly do: 'wait' }
  /** It is over: nobody of it is down any more, or to go down. */
  | { readonly do: 'end' };

/** Whom a failure concerns by the strategy alone. @param order all that are looked after, in the order of their starts */
export function affectedBy<A>(agent: A, order: readonly A[], strategy: Strategy): readonly A[] {
  switch (strategy) {
    case 'one-for-one':
      return [agent];
    case 'rest-for-one':
      return order.slice(order.indexOf(agent));
    case 'one-for-all':
      return order;
  }
}

/** Who goes down when another one has failed: it itself, and those that are on their way with any of these. */
export function merge<A extends Needing>(
  order: readonly A[],
  affected: readonly A[],
  others: readonly Comeback<A>[],
): readonly A[] {
  const all = new Set(affected);
  // Of a former comeback those that are up again stay so, unless they are concerned by this one, too.
  for (const { agents } of others) for (const agent of agents) if (isDownOrEnding(agent)) all.add(agent);
  return order.filter((agent) => all.has(agent));
}

export function movesOf<A extends Needing>(comeback: Comeback<A>, lookUp: LookUp): readonly Move<A>[] {
  const present = presentIn(comeback);
  if (present.length === 0) return [{ do: 'end' }];
  switch (comeback.stage) {
    case 'falling':
      return fall(present);
    case 'waiting':
      return [];
    case 'rising':
      return rise(present, lookUp);
  }
}

/** One of a comeback, with all that it needs. */
interface Present<A extends Needing> {
  readonly agent: A;
  readonly name: string;
  readonly needs: readonly string[];
  readonly standing: Standing;
}

function presentIn<A extends Needing>({ agents, isChain }: Comeback<A>): Present<A>[] {
  const present = agents.filter(({ standing }) => standing !== 'gone');
  return present.map((agent, index) => {
    const { name, needs, standing } = agent;
    const before = isChain ? present[index - 1] : undefined;
    return { agent, name, needs: before === undefined ? needs : [...needs, before.name], standing };
  });
}

/** Whom one of a comeback still waits for. */
export function missingFor<A extends Needing>(
  comeback: Comeback<A>,
  agent: A,
  lookUp: LookUp,
): readonly string[] {
  const found = presentIn(comeback).find((one) => one.agent === agent);
  return found === undefined ? [] : missingNeeds(found, lookUp);
}

function fall<A extends Needing>(present: readonly Present<A>[]): readonly Move<A>[] {
  const up = present.filter(({ standing }) => standing !== 'down');
  if (up.length === 0) return [{ do: 'wait' }];
  const needed = new Set(up.flatMap(({ needs, name }) => needs.filter((need) => need !== name)));
  const alive = up.filter(isAlive);
  const free = alive.filter(({ name }) => !needed.has(name));
  // Where all need one another, somebody has to be the first.
  const next = free.length === 0 && alive.length === up.length ? alive.slice(-1) : free;
  return next.reverse().map(({ agent }) => ({ do: 'suspend', agent }));
}

function rise<A extends Needing>(present: readonly Present<A>[], lookUp: LookUp): readonly Move<A>[] {
  const down = present.filter(({ standing }) => standing === 'down');
  if (down.length === 0) return [{ do: 'end' }];
  return down
    .filter((one) => missingNeeds(one, lookUp).length === 0)
    .map(({ agent }) => ({ do: 'begin', agent }));
}

function isAlive({ standing }: Needing): boolean {
  return standing === 'starting' || standing === 'ready';
}

function isDownOrEnding({ standing }: Needing): boolean {
  return standing === 'down' || standing === 'ending';
}
