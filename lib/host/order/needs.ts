import type { Standing } from '../../agent/life/standing';

/** One agent among others that it may need. */
export interface Needing {
  readonly name: string;
  /** The names of those that come before it. Those that are not there are not waited for. */
  readonly needs: readonly string[];
  readonly standing: Standing;
}

/** How an agent of the host is; undefined if there is none of that name. */
export type LookUp = (name: string) => Needing | undefined;

/**
 * Those that an agent needs, and that are yet to be ready before it starts. Where two need one another, and be it by
 * way of others, neither waits for the other one.
 */
export function missingNeeds(agent: Needing, lookUp: LookUp): readonly string[] {
  return agent.needs.filter((name) => {
    const needed = lookUp(name);
    if (needed === undefined || needed.standing === 'ready' || needed.standing === 'gone') return false;
    return !waitsFor(needed, agent.name, lookUp, new Set());
  });
}

/** Whether one cannot get ready before another one is. */
function waitsFor(agent: Needing, name: string, lookUp: LookUp, seen: Set<string>): boolean {
  if (agent.standing === 'ready' || agent.standing === 'gone' || seen.has(agent.name)) return false;
  seen.add(agent.name);
  return agent.needs.some((need) => {
    if (need === name) return true;
    const needed = lookUp(need);
    return needed !== undefined && waitsFor(needed, name, lookUp, seen);
  });
}
