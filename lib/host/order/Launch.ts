import type { AgentError } from '../../AgentError';
import type { Agent } from '../../agent/Agent';
import type { AgentSupervisor } from '../../agent/AgentHost';
import type { Member } from './compose';
import type { AgentGroup } from '../supervision/group';
import { startFailed } from '../hostErrors';
import { InOrder } from './InOrder';
import type { LiveHost } from '../LiveHost';
import { stopInOrder } from './stopInOrder';

/** One start of many agents: all of them, or none. */
export class Launch {
  private readonly order: InOrder<Member>;
  private readonly agents = new Map<string, Agent>();
  private readonly supervisors = new Map<AgentGroup, AgentSupervisor>();
  private ready = 0;
  private hasFailed = false;

  constructor(
    private readonly host: LiveHost,
    private readonly members: readonly Member[],
    private readonly onReady: (agents: ReadonlyMap<string, Agent>) => void,
    private readonly onFailed: (error: AgentError) => void,
  ) {
    this.order = new InOrder(members, 'first', (member) => {
      this.begin(member);
    });
  }

  start(): void {
    if (this.members.length === 0) this.onReady(this.agents);
    else this.order.start();
  }

  private begin(member: Member): void {
    if (this.hasFailed) return;
    const { definition, config, needs, group } = member;
    try {
      const agent = this.host.setUp(
        definition,
        config,
        {
          ready: () => {
            this.becameReady(member);
          },
          failed: (error) => {
            this.fail(member, error);
          },
        },
        { needs, supervisor: group && this.supervisorOf(group) },
      );
      this.agents.set(member.name, agent);
      this.host.scheduler.schedule(() => {
        agent.start();
      });
    } catch (error) {
      this.fail(member, error);
    }
  }

  private supervisorOf(group: AgentGroup): AgentSupervisor {
    const known = this.supervisors.get(group);
    if (known !== undefined) return known;
    const supervisor = this.host.superviseGroup(group);
    this.supervisors.set(group, supervisor);
    return supervisor;
  }

  private becameReady(member: Member): void {
    if (this.hasFailed) return;
    if (++this.ready === this.members.length) this.onReady(this.agents);
    else this.order.done(member);
  }

  /** What has been started is stopped again, in reverse order. */
  private fail({ name }: Member, cause: unknown): void {
    if (this.hasFailed) return;
    this.hasFailed = true;
    stopInOrder([...this.agents.values()].reverse(), () => {
      this.onFailed(startFailed(name, this.members.length, cause));
    });
  }
}
