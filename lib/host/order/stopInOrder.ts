import type { StopReport } from '../../agent/AgentHandle';
import { InOrder, type Ordered } from './InOrder';

/** One that can be stopped. */
export interface Stoppable extends Ordered {
  readonly standing: string;
  /** Calls back when it has stopped, maybe at once. */
  shutDown(done: (report: StopReport) => void): void;
}

/**
 * Stops agents, each before those that it needs, and side by side those that have nothing to do with one another.
 * The reports are in the order in which the agents have stopped. What is down is gone at once.
 */
export function stopInOrder(
  agents: readonly Stoppable[],
  done: (reports: readonly StopReport[]) => void,
): void {
  const reports: StopReport[] = [];
  const order = new InOrder(agents, 'last', (agent) => {
    agent.shutDown((report) => {
      reports.push(report);
      order.done(agent);
      if (reports.length === agents.length) done(reports);
    });
  });
  // Nobody is to come back while others are waited for.
  for (const agent of agents)
    if (agent.standing === 'down' || agent.standing === 'ending') agent.shutDown(() => undefined);
  order.start();
  if (agents.length === 0) done(reports);
}
