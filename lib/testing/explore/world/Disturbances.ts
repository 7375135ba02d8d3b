import type { Agent } from '../../../agent/Agent';
import { describeValue } from '../../../trace/describeValue';
import type { Choice, Choices } from '../../../time/choices/Choices';
import type { Cluster } from '../../session/Cluster';
import { FIRST } from '../../session/Crashes';
import type { TestHost } from '../../session/TestHost';
import { Chances } from './Chances';
import type { Disturbance } from './Disturbance';
import { Fault } from './Fault';
import { HostTroubles } from './HostTroubles';
import { LateDelivery } from './LateDelivery';
import { type DisturbPlan, isNamed } from './plans';
import type { SearchBus } from './SearchBus';
import { formatMs } from '../../../time/spans/duration';

class DisturbChoice implements Choice {
  readonly kind = 'disturb';

  constructor(private readonly list: readonly Disturbance[]) {}

  tell(answer: number): string {
    return this.list[answer - 1]?.text ?? '';
  }
}

/** Does something to the agents of a host, or to its bus, between two turns. */
export class Disturbances {
  private readonly chances: Chances;
  /** Those that begin another life as soon as they are down. */
  private readonly returning = new Set<Agent>();
  private readonly troubles: HostTroubles;
  private isBusAway = false;

  constructor(
    private readonly choices: Choices,
    private readonly plan: DisturbPlan,
    private readonly bus: SearchBus,
  ) {
    this.chances = new Chances(plan.most);
    this.troubles = new HostTroubles(choices, plan);
  }

  /** Says whether something has been done. */
  turnEnds(cluster: Cluster): boolean {
    let isDone = false;
    for (const agent of this.returning) isDone = this.bringBack(agent) || isDone;
    if (isDone || !this.chances.areLeft) return isDone;
    const { hosts } = cluster;
    const list = [
      ...hosts.flatMap((host) => this.ofAgents(host)),
      ...this.ofBus(hosts),
      ...this.troubles.list(cluster),
    ];
    const chosen = list[this.choices.choose(list.length + 1, new DisturbChoice(list)) - 1];
    if (chosen === undefined) return false;
    this.chances.spend();
    chosen.act();
    return true;
  }

  private ofAgents(host: TestHost): Disturbance[] {
    const { stop, restart, configs } = this.plan;
    const list: Disturbance[] = [];
    for (const agent of [...host.running()].reverse()) {
      const { name } = agent;
      const title = host.name === FIRST ? name : `${name} on ${host.name}`;
      if (isNamed(stop, name) && agent.standing !== 'ending')
        list.push({ text: `${title} is stopped`, act: () => void agent.handle.stop() });
      if (isNamed(restart, name) && agent.standing === 'ready')
        list.push({
          text: `${title} fails, and is started again`,
          act: () => {
            this.restart(agent);
          },
        });
      for (const config of configs[name] ?? [])
        list.push({
          text: `${title} gets the config ${describeValue(config)}`,
          act: () => {
            agent.configure(config);
          },
        });
    }
    return list;
  }

  /** One that nobody looks after is started again by the search. */
  private restart(agent: Agent): void {
    const what = 'chosen by the search';
    if (agent.isRestartable) {
      agent.breakDown(new Fault(what));
      return;
    }
    agent.suspend(what);
    this.returning.add(agent);
    this.bringBack(agent);
  }

  private bringBack(agent: Agent): boolean {
    const { standing } = agent;
    if (standing === 'down') agent.restart();
    if (standing === 'down' || standing === 'gone') this.returning.delete(agent);
    return standing === 'down';
  }

  private ofBus([host]: readonly TestHost[]): Disturbance[] {
    const { plan, bus } = this;
    if (host === undefined || plan.bus === 0 || this.isBusAway || !bus.isInUse) return [];
    return [
      {
        text: 'the bus loses its connection',
        act: () => {
          const { scheduler } = host;
          const away = 1 + this.choices.choose(plan.bus, new AwayChoice());
          this.isBusAway = true;
          bus.drop();
          const back = (): void => {
            this.isBusAway = false;
            bus.restore();
          };
          new LateDelivery(this, 'the bus comes back', back, (error) => {
            throw error;
          }).send(scheduler, scheduler.now() + away, 0);
        },
      },
    ];
  }
}

class AwayChoice implements Choice {
  readonly kind = 'latency';

  tell(ms: number): string {
    return `it comes back after ${formatMs(ms + 1)}`;
  }
}
