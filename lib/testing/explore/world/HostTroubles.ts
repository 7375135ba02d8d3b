import type { Choice, Choices } from '../../../time/choices/Choices';
import { formatMs } from '../../../time/spans/duration';
import { SERVERS } from '../../network/Servers';
import type { Cluster } from '../../session/Cluster';
import { FIRST } from '../../session/Crashes';
import type { TestHost } from '../../session/TestHost';
import type { Disturbance } from './Disturbance';
import { LateDelivery } from './LateDelivery';
import type { DisturbPlan } from './plans';

class SpanChoice implements Choice {
  readonly kind = 'latency';

  constructor(
    private readonly what: string,
    private readonly shortest: number,
    private readonly longest: number,
  ) {}

  tell(answer: number): string {
    return `${this.what} ${formatMs(answer + this.shortest)}`;
  }

  hints(): readonly number[] {
    return [this.longest - this.shortest];
  }
}

/** What may become of one of several hosts: it is cut off, stands still, or dies. */
export class HostTroubles {
  private isCut = false;

  constructor(
    private readonly choices: Choices,
    private readonly plan: Pick<DisturbPlan, 'partition' | 'stall' | 'crash'>,
  ) {}

  list(cluster: Cluster): Disturbance[] {
    const { partition, stall, crash } = this.plan;
    if (partition + stall + crash === 0 || cluster.hosts.length === 1) return [];
    const list: Disturbance[] = [];
    for (const host of cluster.hosts) {
      if (host.hasCrashed) continue;
      if (crash > 0) list.push(this.crash(cluster, host));
      if (stall > 0 && host.name !== FIRST && !cluster.isStalled(host)) list.push(this.stall(cluster, host));
      if (partition > 0 && !this.isCut) list.push(this.cut(cluster, host), this.cut(cluster, host, SERVERS));
    }
    return list;
  }

  private crash(cluster: Cluster, host: TestHost): Disturbance {
    return {
      text: `the process of ${host.name} ends`,
      act: () => {
        cluster.crash(host, this.span('it comes back after', 0, this.plan.crash));
      },
    };
  }

  private stall({ network }: Cluster, { name }: TestHost): Disturbance {
    return {
      text: `${name} stands still`,
      act: () => {
        network.stall(name, this.span('it goes on after', 1, this.plan.stall));
      },
    };
  }

  private cut({ network, hosts: [first] }: Cluster, { name }: TestHost, from?: string): Disturbance {
    return {
      text: `${name} is cut off from ${from ?? 'all others'}`,
      act: () => {
        const away = this.span('the cut is mended after', 1, this.plan.partition);
        const mend = network.partition(name, from);
        this.isCut = true;
        const end = (): void => {
          this.isCut = false;
          mend();
        };
        if (first === undefined) return;
        const { scheduler } = first;
        new LateDelivery(this, 'the cut is mended', end, rethrow).send(scheduler, scheduler.now() + away, 0);
      },
    };
  }

  private span(what: string, shortest: number, longest: number): number {
    return shortest + this.choices.choose(longest - shortest + 1, new SpanChoice(what, shortest, longest));
  }
}

function rethrow(error: unknown): never {
  throw error;
}
