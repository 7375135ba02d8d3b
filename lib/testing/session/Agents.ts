import type { Observable } from 'rxjs';
import type { AgentHandle } from '../../agent/AgentHandle';
import type { Agent } from '../../agent/Agent';
import { AgentView } from '../../agent/AgentView';
import type { TestHost } from './TestHost';

/** Which stream of which agent something is. */
export interface StreamName {
  readonly agent: string;
  readonly stream: string;
}

type Definition = Parameters<TestHost['setUp']>[0];

/** An agent that the body has started, over the lives of its host. */
interface Started {
  readonly definition: Definition;
  readonly config: unknown;
  agent: Agent;
}

const NOBODY = { ready: () => undefined, failed: () => undefined };

/** The agents that the body of a marble test starts. */
export class Agents {
  private readonly streamNames = new WeakMap<object, StreamName>();
  private readonly started: Started[] = [];
  private readonly unbegun: Started[] = [];
  private hasBegun = false;
  /** Whether the host may crash: then handles lead to whichever agent there is. */
  outliveTheHost = false;

  /** @param hosts whose first one they are in */
  constructor(private readonly hosts: { readonly first: TestHost }) {}

  /** Lets those begin that wait for time to pass. */
  begin(): void {
    this.hasBegun = true;
    if (this.unbegun.length === 0 || this.host.hasCrashed) return;
    for (const { agent } of this.unbegun.splice(0)) agent.start();
  }

  /** The host has come back: those that ran start again. */
  revive(): void {
    this.unbegun.length = 0;
    for (const started of this.started) {
      if (!this.host.hadRunning(started.agent.name)) continue;
      started.agent = this.host.setUp(started.definition, started.config, NOBODY);
      started.agent.start();
    }
  }

  /** Sets an agent up. It begins when time does, so that the body may subscribe to its streams before. */
  readonly start = (definition: Definition, config?: unknown): AgentHandle => {
    const agent = this.host.setUp(definition, config, NOBODY);
    const started: Started = { definition, config, agent };
    this.started.push(started);
    for (const [stream, source$] of Object.entries(agent.wiring.streams))
      this.streamNames.set(source$, { agent: agent.name, stream });
    if (this.hasBegun) agent.start();
    else this.unbegun.push(started);
    return this.outliveTheHost ? new AgentView(() => started.agent) : agent.handle;
  };

  private get host(): TestHost {
    return this.hosts.first;
  }

  nameOf(source$: Observable<unknown>): StreamName | undefined {
    return this.streamNames.get(source$);
  }
}
