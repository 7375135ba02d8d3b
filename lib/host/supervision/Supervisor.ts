import { messageOf } from '../../AgentError';
import type { Agent } from '../../agent/Agent';
import type { Restart } from '../../agent/definition/restart';
import type { Failure } from '../../agent/life/Incidents';
import { formatMs } from '../../time/spans/duration';
import type { RandomSource } from '../../time/spans/random';
import type { Scheduler } from '../../time/queue/Scheduler';
import type { LedgerEntry } from '../../trace/Ledger';
import type { LogFields } from '../../trace/Log';
import type { Trace } from '../../trace/Trace';
import { restartLimit } from '../hostErrors';
import type { LookUp } from '../order/needs';
import { stopInOrder } from '../order/stopInOrder';
import { affectedBy, merge, type Move, movesOf } from './comeback';
import type { Strategy } from './group';
import { RestartBudget } from './RestartBudget';
import { RestartTimer } from './RestartTimer';
import { Way } from './Way';

/** What a supervisor needs of its host. */
export interface SupervisorHost {
  /** Nobody is restarted any more. */
  readonly isStopping: boolean;
  readonly scheduler: Scheduler;
  readonly trace: Trace;
  readonly random: RandomSource;
  /** The agent of a name that runs now. */
  find(name: string): Agent | undefined;
  /** Tells people of something. */
  warn(message: string, fields: LogFields): void;
}

/** Whom it looks after: the agents of a group, or one alone. */
export interface Charge {
  readonly group?: string;
  readonly strategy: Strategy;
  /** Whether only those are restarted whose handlers ask for it. */
  readonly isOnDemand?: boolean;
}

/** Restarts one agent, or those of a group, until they have failed too often. */
export class Supervisor {
  /** In the order in which they have started, which is that of a chain, too. */
  private readonly agents = new Set<Agent>();
  private ways: readonly Way[] = [];
  private readonly budget: RestartBudget;
  private hasGivenUp = false;
  private isMoving = false;
  private hasChanged = false;

  constructor(
    private readonly host: SupervisorHost,
    restart: Restart,
    private readonly charge: Charge,
  ) {
    this.budget = new RestartBudget(restart, host.random);
  }

  /** Whether anybody is on the way back. */
  get isBusy(): boolean {
    return this.ways.length > 0;
  }

  add(agent: Agent): void {
    this.agents.add(agent);
  }

  /** The agent's life has failed and is about to end. Says whether there will be another one. */
  failed(agent: Agent, { error, then }: Failure): boolean {
    const { host, charge, budget } = this;
    if (this.hasGivenUp || host.isStopping) return false;
    if (charge.isOnDemand === true && then !== 'restart') return false;
    const now = host.scheduler.now();
    const wait = budget.spend(now);
    if (wait === undefined) {
      this.giveUp(agent, error);
      return false;
    }
    const all = [...this.agents];
    const affected = affectedBy(agent, all, charge.strategy);
    const merged = this.ways.filter(({ agents }) => agents.some((other) => affected.includes(other)));
    for (const way of merged) way.cancel();
    const because = `${agent.name}: ${messageOf(error)}`;
    const agents = merge(all, affected, merged);
    const cause = { wait, restart: budget.inRow, because, since: now };
    const way = new Way(agents, charge.strategy === 'rest-for-one', cause);
    this.ways = [...this.ways.filter((other) => !merged.includes(other)), way];
    this.look();
    return true;
  }

  /** Does what there is to do now: somebody is ready, down or gone. */
  look(): void {
    this.hasChanged = true;
    if (this.isMoving) return;
    this.isMoving = true;
    try {
      // What is done may change what there is to do.
      while (this.takeChange()) this.moveAll();
    } finally {
      this.isMoving = false;
    }
  }

  /** The agent is gone for good. */
  left(agent: Agent): void {
    this.agents.delete(agent);
    this.look();
  }

  /** What an agent that is down waits for. */
  ledger(down: Agent): readonly LedgerEntry[] {
    const way = this.ways.find(({ agents }) => agents.includes(down));
    return way === undefined ? [] : [way.ledger(down, this.lookUp)];
  }

  private takeChange(): boolean {
    const { hasChanged } = this;
    this.hasChanged = false;
    return hasChanged;
  }

  private moveAll(): void {
    for (const way of this.ways) {
      for (const move of movesOf(way, this.lookUp)) {
        this.move(way, move);
        if (this.hasChanged) return;
      }
    }
  }

  private move(way: Way, move: Move<Agent>): void {
    switch (move.do) {
      case 'suspend':
        // The one that has failed is about to end by itself, and takes no notice.
        move.agent.suspend(way.cause.because);
        return;
      case 'wait':
        if (!this.host.isStopping) this.wait(way);
        return;
      case 'begin':
        if (!this.host.isStopping) move.agent.restart();
        return;
      case 'end':
        way.cancel();
        this.ways = this.ways.filter((other) => other !== way);
        return;
    }
  }

  private wait(way: Way): void {
    const { scheduler } = this.host;
    const { wait, restart } = way.cause;
    const due = scheduler.now() + wait;
    const timer = new RestartTimer(scheduler, due, restart, () => {
      way.rise();
      this.budget.resume(scheduler.now());
      this.look();
    });
    way.await(timer);
    this.tellOf(way, due);
  }

  private readonly lookUp: LookUp = (name) => this.host.find(name);

  private tellOf({ agents, cause }: Way, due: number): void {
    const { host } = this;
    const { trace } = host;
    const { wait, restart, because } = cause;
    for (const { name: agent, standing } of agents) {
      if (standing !== 'down') continue;
      host.warn(`${agent} starts again in ${formatMs(Math.round(wait))}`, { agent, restart, because });
      if (trace.isWatched) trace.write({ type: 'restart-planned', agent, due, restart, because });
    }
  }

  /** The one time that it escalates. */
  private giveUp(agent: Agent, cause: unknown): void {
    this.end();
    agent.giveUp(restartLimit(agent.name, this.charge.group, this.budget.plan, cause));
    const others = [...this.agents].filter((other) => other !== agent);
    stopInOrder(others.reverse(), () => undefined);
  }

  /** Restarts nobody any more. */
  end(): void {
    this.hasGivenUp = true;
    for (const way of this.ways) way.cancel();
    this.ways = [];
  }
}
