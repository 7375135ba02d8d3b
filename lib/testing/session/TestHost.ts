import type { AgentHandle } from '../../agent/AgentHandle';
import type { ConfigSchema } from '../../agent/config/config';
import type { AgentDefinition, Streams } from '../../agent/definition/defineAgent';
import type { HostStopReport, KeptOptions, StartArgs } from '../../host/Host';
import type { Startable, StartedAll } from '../../host/supervision/group';
import { HostRuntime } from '../../host/HostRuntime';

/** The host of a marble test. It knows whether somebody waits for it, and thus for nothing foreign. */
export class TestHost extends HostRuntime {
  private waits = 0;

  get isAwaited(): boolean {
    return this.waits > 0;
  }

  override start<S extends Streams, Schema extends ConfigSchema>(
    agent: AgentDefinition<Schema, S>,
    ...config: StartArgs<Schema>
  ): Promise<AgentHandle<S, Schema>> {
    return this.noted(super.start(agent, ...config));
  }

  override startAll<const List extends readonly Startable[]>(list: List): Promise<StartedAll<List>> {
    return this.noted(super.startAll(list));
  }

  override kept(options?: KeptOptions): Promise<void> {
    return this.noted(super.kept(options));
  }

  override stop(): Promise<HostStopReport> {
    return this.noted(super.stop());
  }

  private noted<P extends Promise<unknown>>(promise: P): P {
    const end = (): void => {
      this.waits--;
    };
    this.waits++;
    promise.then(end, end);
    return promise;
  }
}
