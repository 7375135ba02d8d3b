import { messageOf } from '../../AgentError';
import type { Agent } from '../../agent/Agent';
import type { AgentSupervisor } from '../../agent/AgentHost';
import type { Restart } from '../../agent/definition/restart';
import { formatMs } from '../../time/duration';
import type { Scheduler } from '../../time/Scheduler';
import type { RandomSource } from '../../time/random';
import type { LedgerEntry } from '../../trace/Ledger';
import type { LogFields } from '../../trace/Log';
import type { Trace } from '../../trace/Trace';
import { Comeback } from './Comeback';
import type { AgentGroup } from './group';
import { restartLimit } from '../hostErrors';
import { RestartBudget } from './RestartBudget';
import { stopInOrder } from '../order/stopInOrder';

/** What a supervisor needs of its host. */
export interface SupervisorHost {
  /** Nobody is restarted any more. */
  readonly isStopping: boolean;
  readonly scheduler: Scheduler;
  readonly trace: Trace;
  readonly random: RandomSource;
  /** Tells people of something. */
  warn(message: string, fields: LogFields): void;
}

/** Restarts one agent, or those of a group, until they have failed too often. */
export class Supervisor implements AgentSupervisor {
  /** In the order of the group. */
  private readonly agents = new Set<Agent>();
  private readonly comebacks = new Map<Agent, Comeback>();
  private readonly budget: RestartBudget;
  private hasGivenUp = false;
  /** What has failed last. */
  private because = '';

  /** @param group whose agents they are; without it there is one agent only */
  constructor(
    private readonly host: SupervisorHost,
    restart: Restart,
    private readonly group?: AgentGroup,
  ) {
    this.budget = new RestartBudget(restart, host.random);
  }

  add(agent: Agent): void {
    this.agents.add(agent);
  }

  failed(agent: Agent, error: unknown): boolean {
    if (this.hasGivenUp || this.host.isStopping) return false;
    const { scheduler } = this.host;
    const wait = this.budget.spend(scheduler.now());
    if (wait === undefined) {
      this.giveUp(agent, error);
      return false;
    }
    this.because = `${agent.name}: ${messageOf(error)}`;
    const comeback = new Comeback(this.affectedBy(agent), agent, wait, this.budget.inRow, scheduler);
    for (const other of comeback.agents) {
      this.comebacks.get(other)?.cancel();
      this.comebacks.set(other, comeback);
    }
    comeback.begin();
    return true;
  }

  down(agent: Agent): void {
    const comeback = this.comebacks.get(agent);
    if (comeback?.down(agent) === true) this.tellOf(comeback);
  }

  up(agent: Agent): void {
    this.comebacks.get(agent)?.up(agent);
  }

  left(agent: Agent): void {
    this.agents.delete(agent);
    this.down(agent);
    this.comebacks.delete(agent);
  }

  ledger(agent: Agent): readonly LedgerEntry[] {
    const due = this.comebacks.get(agent)?.due;
    if (due === undefined) return [];
    return [{ kind: 'timer', agent: agent.name, stream: '(restart)', timer: 'restart', due }];
  }

  private affectedBy(agent: Agent): readonly Agent[] {
    switch (this.group?.strategy) {
      case undefined:
      case 'one-for-one':
        return [agent];
      case 'rest-for-one':
        return [...this.agents].slice([...this.agents].indexOf(agent));
      case 'one-for-all':
        return [...this.agents];
    }
  }

  private tellOf({ agents, due = NaN, restart }: Comeback): void {
    const { host, because } = this;
    const { trace, scheduler } = host;
    const wait = formatMs(Math.round(due - scheduler.now()));
    for (const { name: agent, isDown } of agents) {
      if (!isDown) continue;
      host.warn(`${agent} starts again in ${wait}`, { agent, restart, because });
      if (trace.isWatched) trace.write({ type: 'restart-planned', agent, due, restart, because });
    }
  }

  /** The one time that it escalates. */
  private giveUp(agent: Agent, cause: unknown): void {
    this.hasGivenUp = true;
    for (const comeback of this.comebacks.values()) comeback.cancel();
    agent.giveUp(restartLimit(agent.name, this.group?.name, this.budget.plan, cause));
    const others = [...this.agents].filter((other) => other !== agent);
    stopInOrder(others.reverse(), () => undefined);
  }
}
