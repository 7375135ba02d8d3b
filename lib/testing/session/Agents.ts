import type { Observable } from 'rxjs';
import type { AgentHandle } from '../../agent/AgentHandle';
import type { Agent } from '../../agent/Agent';
import type { HostRuntime } from '../../host/HostRuntime';

/** Which stream of which agent something is. */
export interface StreamName {
  readonly agent: string;
  readonly stream: string;
}

/** The agents that the body of a marble test starts. */
export class Agents {
  private readonly streamNames = new WeakMap<object, StreamName>();
  private readonly unbegun: Agent[] = [];
  private hasBegun = false;

  constructor(private readonly host: HostRuntime) {}

  /** Lets those begin that wait for time to pass. */
  begin(): void {
    this.hasBegun = true;
    for (const agent of this.unbegun.splice(0)) agent.start();
  }

  /** Sets an agent up. It begins when time does, so that the body may subscribe to its streams before. */
  readonly start = (definition: Parameters<HostRuntime['setUp']>[0], config?: unknown): AgentHandle => {
    const agent = this.host.setUp(definition, config, { ready: () => undefined, failed: () => undefined });
    for (const [stream, source$] of Object.entries(agent.streams))
      this.streamNames.set(source$, { agent: agent.name, stream });
    if (this.hasBegun) agent.start();
    else this.unbegun.push(agent);
    return agent;
  };

  nameOf(source$: Observable<unknown>): StreamName | undefined {
    return this.streamNames.get(source$);
  }
}
