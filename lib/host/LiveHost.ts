import { Agent, type StartObserver } from '../agent/Agent';
import type { Place } from '../agent/AgentFace';
import { hostStopped, runsAlready, unmetNeed } from './hostErrors';
import type { AgentHandle } from '../agent/AgentHandle';
import type { ConfigSchema } from '../agent/config/config';
import { type AgentDefinition, checkDefinition, type Streams } from '../agent/definition/defineAgent';
import { compose } from './order/compose';
import type { HostStopReport, StartArgs } from './createHost';
import type { Startable, StartedAll } from './supervision/group';
import { HostFace } from './HostFace';
import { Launch } from './order/Launch';
import { stopInOrder } from './order/stopInOrder';

/** A host at work: it starts agents and stops them. */
export class LiveHost extends HostFace {
  private stopping: Promise<HostStopReport> | undefined;

  start<S extends Streams, Schema extends ConfigSchema>(
    definition: AgentDefinition<Schema, S>,
    ...[config]: StartArgs<Schema>
  ): Promise<AgentHandle<S, Schema>> {
    return new Promise((resolve, reject) => {
      checkDefinition(definition);
      this.checkNeeds(definition);
      const agent = this.setUp(definition, config, {
        ready: () => {
          resolve(agent as unknown as AgentHandle<S, Schema>);
        },
        failed: reject,
      });
      this.scheduler.schedule(() => {
        agent.start();
      });
    });
  }

  startAll<const List extends readonly Startable[]>(list: List): Promise<StartedAll<List>> {
    return new Promise((resolve, reject) => {
      const members = compose(list, this);
      if (this.isStopping) throw hostStopped(this.name, members.map(({ name }) => name).join(', '));
      const onReady = (agents: ReadonlyMap<string, Agent>): void => {
        const handleOf = (item: Startable): unknown =>
          'agents' in item
            ? item.agents.map(handleOf)
            : agents.get('agent' in item ? item.agent.name : item.name);
        resolve(list.map(handleOf) as unknown as StartedAll<List>);
      };
      new Launch(this, members, onReady, reject).start();
    });
  }

  /** Sets an agent up, synchronously; who calls this starts it, too. */
  setUp<S extends Streams, Schema extends ConfigSchema>(
    definition: AgentDefinition<Schema, S>,
    config: unknown,
    observer: StartObserver,
    place?: Place,
  ): Agent {
    const { name } = definition;
    if (this.isStopping) throw hostStopped(this.name, name);
    if (this.agents.has(name)) throw runsAlready(this.name, name);
    // What an agent's config and streams are is the business of its definition and its handle alone.
    const agent = new Agent(this, definition, config, place);
    this.agents.set(name, agent);
    agent.setUp(observer);
    return agent;
  }

  stop(): Promise<HostStopReport> {
    if (this.stopping === undefined) {
      let done: (report: HostStopReport) => void = () => undefined;
      // It is there before the first agent hears of it, since that one may stop the host or start another agent.
      this.stopping = new Promise((resolve) => {
        done = resolve;
      });
      this.stopAgents(done);
    }
    return this.stopping;
  }

  left(agent: Agent): void {
    this.agents.delete(agent.name);
    if (!agent.hasLived) this.condition.forget(agent.name);
  }

  get isStopping(): boolean {
    return this.stopping !== undefined;
  }

  private checkNeeds({ name, needs = [] }: AgentDefinition): void {
    for (const need of needs) {
      const needed = this.agents.get(need);
      if (needed?.isReady !== true) throw unmetNeed(name, need, needed !== undefined);
    }
  }

  private stopAgents(done: (report: HostStopReport) => void): void {
    const agents = [...this.agents.values()].reverse();
    const deadline = this.scheduler.schedule(() => {
      for (const agent of agents) agent.hurry();
    }, this.stopDeadline);
    stopInOrder(agents, (reports) => {
      deadline.unsubscribe();
      void this.close().then(() => {
        done({ agents: reports, left: reports.flatMap(({ left }) => left) });
      });
    });
  }
}
