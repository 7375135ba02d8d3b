import type { Agent } from '../../agent/Agent';
import { type RestartOptions, toRestart } from '../../agent/definition/restart';
import type { Failure } from '../../agent/life/Incidents';
import type { LedgerEntry } from '../../trace/Ledger';
import type { ReadGroup } from '../order/compose';
import { Supervisor, type SupervisorHost } from './Supervisor';

/** Who looks after whom in a host: each group has a supervisor, and each agent of its own that has failed. */
export class Supervision {
  private readonly supervisors = new Map<Agent, Supervisor>();
  /** Those that have somebody on the way back. */
  private readonly busy = new Set<Supervisor>();

  /** @param restart of agents and groups that have none of their own */
  constructor(
    private readonly host: SupervisorHost,
    private readonly restart: RestartOptions | undefined,
  ) {}

  ofGroup({ name, strategy, restart }: ReadGroup): Supervisor {
    const plan = toRestart(restart ?? this.restart ?? {});
    return new Supervisor(this.host, plan, { group: name, strategy });
  }

  /** A new agent is under a supervisor's care from now on. */
  add(agent: Agent, supervisor: Supervisor): void {
    this.supervisors.set(agent, supervisor);
    supervisor.add(agent);
  }

  /** An agent's life has failed and is about to end. Says whether there will be another one. */
  failed(agent: Agent, failure: Failure): boolean {
    const supervisor = this.supervisors.get(agent) ?? this.ofAgent(agent);
    const isBack = supervisor.failed(agent, failure);
    if (supervisor.isBusy) this.busy.add(supervisor);
    return isBack;
  }

  /** An agent is ready, or down, or gone: those that are on the way back may have waited for that. */
  changed(agent: Agent): void {
    if (agent.standing === 'gone') {
      this.supervisors.get(agent)?.left(agent);
      this.supervisors.delete(agent);
    }
    for (const supervisor of this.busy) {
      supervisor.look();
      if (!supervisor.isBusy) this.busy.delete(supervisor);
    }
  }

  ledger(agent: Agent): readonly LedgerEntry[] {
    return this.supervisors.get(agent)?.ledger(agent) ?? [];
  }

  private ofAgent(agent: Agent): Supervisor {
    const own = agent.definition.restart ?? this.restart;
    const supervisor = new Supervisor(this.host, toRestart(own ?? {}), {
      strategy: 'one-for-one',
      isOnDemand: own === undefined,
    });
    this.add(agent, supervisor);
    return supervisor;
  }
}
