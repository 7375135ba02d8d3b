import type { Agent } from '../../agent/Agent';
import type { StopReport } from '../../agent/AgentHandle';
import { InOrder } from './InOrder';

/**
 * Stops agents, each before those that it needs, and side by side those that have nothing to do with one another.
 * The reports are in the order in which the agents have stopped. What is down is gone at once.
 */
export function stopInOrder(agents: readonly Agent[], done: (reports: readonly StopReport[]) => void): void {
  const reports: StopReport[] = [];
  const order = new InOrder(agents, 'last', (agent) => {
    agent.shutDown((report) => {
      reports.push(report);
      order.done(agent);
      if (reports.length === agents.length) done(reports);
    });
  });
  // Nobody is to be restarted while others are waited for.
  for (const agent of agents) if (agent.isDown) agent.shutDown(() => undefined);
  order.start();
  if (agents.length === 0) done(reports);
}
