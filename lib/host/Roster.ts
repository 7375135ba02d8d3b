import { Agent, type AgentOwner } from '../agent/Agent';
import type { AgentHandle } from '../agent/AgentHandle';
import type { StartObserver } from '../agent/Settlement';
import { ConfigSource, firstConfig } from '../agent/config/ConfigSource';
import type { AgentDefinition } from '../agent/definition/defineAgent';
import { type ReadDefinition, readDefinition } from '../agent/definition/readDefinition';
import type { Failure } from '../agent/life/Incidents';
import type { LedgerEntry } from '../trace/Ledger';
import type { Environment } from './Environment';
import { hostStopped, runsAlready, unmetNeed } from './hostErrors';
import { compose, type ReadGroup, type Shape } from './order/compose';
import { Launch, type LaunchHost } from './order/Launch';
import { missingNeeds } from './order/needs';
import type { Startable } from './supervision/group';
import type { Supervision } from './supervision/Supervision';
import type { Supervisor } from './supervision/Supervisor';

/** What an agent has from its place among others. */
export interface Place {
  readonly needs?: readonly string[];
  readonly supervisor?: Supervisor;
  /** Whether it is started whatever those are that it needs, as in a marble test of it alone. */
  readonly isAlone?: boolean;
}

/** Whether its host stops: nobody starts any more. */
export interface Gate {
  readonly hasBegun: boolean;
}

/** The agents of a host: it starts them, one or many, and tells one another of what becomes of them. */
export class Roster implements AgentOwner {
  readonly agents = new Map<string, Agent>();
  /** What others have of them. */
  readonly handles = new Map<string, AgentHandle>();
  private readonly launches = new Set<Launch>();
  /** Those that wait for others that they need. */
  private readonly waiting = new Set<Agent>();

  constructor(
    private readonly environment: Environment,
    private readonly supervision: Supervision,
    private readonly stop: Gate,
    /** Those of a host that has vanished, whose streams are shown on. */
    private readonly formers?: ReadonlyMap<string, Agent>,
  ) {}

  start(definition: AgentDefinition, config: unknown): Promise<AgentHandle> {
    return new Promise((resolve, reject) => {
      const read = readDefinition(definition);
      this.checkNeeds(read);
      const agent = this.setUp(read, config, {
        ready: () => {
          resolve(agent.handle);
        },
        failed: reject,
      });
      agent.start();
    });
  }

  /** Resolves with the handles in the shape of the list. */
  startAll(list: readonly Startable[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const { agents, environment, launches } = this;
      const { name, trace, configs } = environment;
      const { members, shape } = compose(list, { name, agents, trace, configs });
      if (this.stop.hasBegun) throw hostStopped(name, members.map((member) => member.name).join(', '));
      const supervisors = new Map<ReadGroup, Supervisor>();
      const launch = new Launch(this.launchHost(supervisors), members, {
        ready: (started) => {
          launches.delete(launch);
          resolve(inShape(shape, started));
        },
        failing: () => {
          launches.delete(launch);
          for (const supervisor of supervisors.values()) supervisor.end();
        },
        failed: reject,
      });
      launches.add(launch);
      launch.start();
    });
  }

  /** Sets an agent up, synchronously; who calls this starts it, too. */
  setUp(
    definition: ReadDefinition,
    given: unknown,
    observer: StartObserver,
    { needs = definition.needs, supervisor, isAlone = false }: Place = {},
  ): Agent {
    const { environment } = this;
    const { trace, configs, log } = environment;
    const { name } = definition;
    this.refuse(name);
    const source = new ConfigSource(
      name,
      definition.config,
      trace,
      given === undefined ? configs : undefined,
      log,
    );
    const config = firstConfig(source, given);
    // The schema or the store may have stopped the host meanwhile, or started another agent of that name.
    this.refuse(name);
    const isRestartable = (supervisor ?? definition.restart ?? environment.restart) !== undefined;
    const singleton = environment.singletons.of(definition);
    const agent = new Agent(environment, this, { definition, source, config, needs, isAlone, isRestartable });
    const former = this.formers?.get(name);
    if (former !== undefined) agent.wiring.inherit(former.wiring);
    this.agents.set(name, agent);
    environment.forgotten.saw(name);
    this.handles.set(name, agent.handle);
    if (singleton === undefined) agent.setUp(observer);
    else singleton.begin(agent, observer);
    if (supervisor !== undefined) this.supervision.add(agent, supervisor);
    return agent;
  }

  /** Whether an agent of that name may be set up now. */
  private refuse(name: string): void {
    if (this.stop.hasBegun) throw hostStopped(this.environment.name, name);
    if (this.agents.has(name)) throw runsAlready(this.environment.name, name);
  }

  private checkNeeds({ name, needs }: ReadDefinition): void {
    for (const need of needs) {
      const needed = this.agents.get(need);
      if (needed?.isReady !== true) throw unmetNeed(name, need, needed !== undefined);
    }
  }

  private launchHost(supervisors: Map<ReadGroup, Supervisor>): LaunchHost {
    const { agents, environment, supervision } = this;
    const { scheduler, startTimeout } = environment;
    const supervisorOf = (group: ReadGroup): Supervisor => {
      const supervisor = supervisors.get(group) ?? supervision.ofGroup(group);
      supervisors.set(group, supervisor);
      return supervisor;
    };
    return {
      agents,
      scheduler,
      startTimeout,
      setUpMember: ({ definition, config, needs, group }, observer) =>
        this.setUp(definition, config, observer, {
          needs,
          ...(group && { supervisor: supervisorOf(group) }),
        }),
    };
  }

  // What its agents tell it.

  failed(agent: Agent, failure: Failure): boolean {
    return this.supervision.failed(agent, failure);
  }

  changed(agent: Agent): void {
    this.supervision.changed(agent);
    for (const launch of this.launches) launch.changed(agent);
    for (const other of this.waiting) other.look();
  }

  missing(agent: Agent): readonly string[] {
    if (agent.needs.length === 0) return agent.needs;
    const missing = missingNeeds(agent, (name) => this.agents.get(name));
    if (missing.length > 0) this.waiting.add(agent);
    else this.waiting.delete(agent);
    return missing;
  }

  left(agent: Agent): void {
    this.agents.delete(agent.name);
    this.handles.delete(agent.name);
    this.environment.singletons.left(agent);
    this.waiting.delete(agent);
    this.environment.condition.left(agent.name, agent.hasLived, agent.condition.current.reason);
  }

  ledger(agent: Agent): readonly LedgerEntry[] {
    return this.supervision.ledger(agent);
  }
}

/** The handles in the places of their names. */
function inShape(shape: Shape, agents: ReadonlyMap<string, Agent>): unknown {
  return shape.map((part) => (typeof part === 'string' ? agents.get(part)?.handle : inShape(part, agents)));
}
