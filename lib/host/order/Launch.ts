import type { AgentError } from '../../AgentError';
import type { Agent } from '../../agent/Agent';
import type { StartObserver } from '../../agent/Settlement';
import type { Scheduler } from '../../time/queue/Scheduler';
import type { Subscription } from 'rxjs';
import { needsTooLong, startFailed, unmetNeed } from '../hostErrors';
import type { Member } from './compose';
import { InOrder } from './InOrder';
import { stopInOrder } from './stopInOrder';

/** The host in which many are started. */
export interface LaunchHost {
  readonly agents: ReadonlyMap<string, Agent>;
  readonly scheduler: Scheduler;
  readonly startTimeout: number;
  /** Sets an agent up, synchronously. What throws in it is thrown on. */
  setUpMember(member: Member, observer: StartObserver): Agent;
}

/** Is told what has come of it. */
export interface LaunchObserver {
  ready(agents: ReadonlyMap<string, Agent>): void;
  /** It has failed, and what it has started is to be stopped. */
  failing(): void;
  failed(error: AgentError): void;
}

/** One start of many agents: all of them, or none. */
export class Launch {
  private readonly order: InOrder<Member>;
  private readonly agents = new Map<string, Agent>();
  /** Whose turn it is, but something that they need is not ready any more; with what ends their wait. */
  private readonly blocked = new Map<Member, Subscription>();
  private ready = 0;
  private isOver = false;

  constructor(
    private readonly host: LaunchHost,
    private readonly members: readonly Member[],
    private readonly observer: LaunchObserver,
  ) {
    this.order = new InOrder(members, 'first', (member) => {
      this.begin(member);
    });
  }

  start(): void {
    if (this.members.length === 0) this.observer.ready(this.agents);
    else this.order.start();
  }

  /** An agent of the host is ready, down or gone. */
  changed(agent: Agent): void {
    if (this.isOver) return;
    // Whoever is gone does not come back: not all can be ready any more.
    if (agent.standing === 'gone' && this.agents.get(agent.name) === agent) this.fail(agent, agent.endError);
    for (const member of this.blocked.keys()) this.begin(member);
  }

  private begin(member: Member): void {
    if (this.isOver) return;
    const { agents } = this.host;
    const missing = member.needs.filter((need) => agents.get(need)?.isReady !== true);
    const gone = missing.find((need) => !agents.has(need));
    if (gone !== undefined) {
      this.fail(member, unmetNeed(member.name, gone, false));
      return;
    }
    if (missing.length > 0) {
      this.block(member, missing);
      return;
    }
    this.blocked.get(member)?.unsubscribe();
    this.blocked.delete(member);
    this.setUp(member);
  }

  private block(member: Member, missing: readonly string[]): void {
    if (this.blocked.has(member)) return;
    const { startTimeout = this.host.startTimeout } = member.definition;
    const late = this.host.scheduler.schedule(() => {
      this.fail(member, needsTooLong(member.name, missing, startTimeout));
    }, startTimeout);
    this.blocked.set(member, late);
  }

  private setUp(member: Member): void {
    try {
      const agent = this.host.setUpMember(member, {
        ready: () => {
          this.becameReady(member);
        },
        failed: (error) => {
          this.fail(member, error);
        },
      });
      this.agents.set(member.name, agent);
      agent.start();
      // Something in its set-up may have ended all of it.
      if (this.isOver) agent.shutDown(() => undefined);
    } catch (error) {
      this.fail(member, error);
    }
  }

  private becameReady(member: Member): void {
    if (this.isOver) return;
    if (++this.ready < this.members.length) {
      this.order.done(member);
      return;
    }
    this.isOver = true;
    this.observer.ready(this.agents);
  }

  /** What has been started is stopped again, in reverse order. */
  private fail({ name }: { readonly name: string }, cause: unknown): void {
    if (this.isOver) return;
    this.isOver = true;
    for (const late of this.blocked.values()) late.unsubscribe();
    this.blocked.clear();
    this.observer.failing();
    stopInOrder([...this.agents.values()].reverse(), () => {
      this.observer.failed(startFailed(name, this.members.length, cause));
    });
  }
}
