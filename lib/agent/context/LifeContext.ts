import type { Observable, SchedulerLike } from 'rxjs';
import { createHandle } from '../../handlers/createHandle';
import type { Handle } from '../../handlers/policies/Handler';
import type { AgentBus } from '../../messages/bus/AgentBus';
import type { RandomSource } from '../../time/spans/random';
import { type Log, withFields } from '../../trace/Log';
import type { AgentContext, HostFacts, Time } from '../definition/AgentContext';
import type { AgentHost } from '../AgentHost';
import type { AgentScope } from '../life/AgentScope';
import type { AgentState } from '../state/AgentState';
import { AgentTime } from './AgentTime';
import type { CurrentConfig } from '../config/CurrentConfig';
import type { Lifecycle } from '../definition/Lifecycle';

/** The context that a streams function is given. What it does not ask for is not made. */
export class LifeContext implements AgentContext<object> {
  constructor(
    readonly lifecycle: Lifecycle,
    private readonly agentHost: AgentHost,
    private readonly scope: AgentScope,
    private readonly current: CurrentConfig,
    private readonly stateOf: () => AgentState<object>,
    private readonly signalOf: () => AbortSignal,
  ) {}

  get name(): string {
    return this.scope.agent;
  }

  get time(): Time {
    return new AgentTime(this.scope);
  }

  get handle(): Handle {
    return createHandle(this.scope);
  }

  get bus(): AgentBus {
    return this.scope.bus;
  }

  get config(): object {
    return this.current.view;
  }

  get config$(): Observable<object> {
    return this.current.$;
  }

  get state(): AgentState<object> {
    return this.stateOf();
  }

  get scheduler(): SchedulerLike {
    return this.scope;
  }

  get signal(): AbortSignal {
    return this.signalOf();
  }

  get log(): Log {
    return withFields(this.agentHost.log, { agent: this.name });
  }

  get random(): RandomSource {
    return this.agentHost.random;
  }

  get host(): HostFacts {
    return this.agentHost.facts;
  }
}
