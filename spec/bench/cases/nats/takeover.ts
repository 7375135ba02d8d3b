import { createHost, defineAgent, silentLog, toMs } from 'rx-agent-kit';
import { natsBus } from 'rx-agent-kit/nats';
import type { BenchCase, Figures } from '../../harness/BenchCase';
import { median } from '../../harness/measure';
import { Peer, type Role } from '../../harness/Peer';
import { withServer } from './overNats';

// Two processes start an agent of which there is one, and the one that runs it is killed.

const LEASE = '2s';
const KILLS = 5;

export const takeoverRoles: Readonly<Record<string, Role>> = {
  singleton: async (say, servers = '', name = '') => {
    const host = createHost({ name, bus: natsBus({ servers }), log: silentLog });
    const agent = await host.start(
      defineAgent({ name: 'billing', singleton: { lease: LEASE }, streams: () => ({}) }),
    );
    say();
    agent.state$.subscribe((state) => {
      if (state === 'ready') say();
    });
  },
};

const kit = (scale: number): Promise<Figures> =>
  withServer(async (servers) => {
    const shares: number[] = [];
    let running = await Peer.start('singleton', servers, 'host-0');
    await running.next();
    for (let kill = 1; kill <= Math.max(1, KILLS * scale); kill++) {
      const next = await Peer.start('singleton', servers, `host-${kill}`);
      // It has to have seen the lease renewed: how long it is not, counts from there.
      await new Promise((resolve) => setTimeout(resolve, toMs(LEASE) * (0.5 + kill / 10)));
      const killed = performance.now();
      running.kill();
      await next.next();
      shares.push((performance.now() - killed) / toMs(LEASE));
      running = next;
    }
    running.kill();
    return { share: median(shares), longest: Math.max(...shares) };
  });

export const takeoverCases: readonly BenchCase[] = [
  {
    name: 'NATS, takeover',
    sides: { kit },
    rows: [
      {
        name: 'NATS, another host runs a singleton whose host was killed: share of the lease, the longest',
        figure: 'longest',
        unit: '× lease',
        per: 1,
        target: { kind: 'at-most', floor: 1, aim: 0.9 },
      },
      {
        name: 'NATS, another host runs a singleton whose host was killed: share of the lease, the median',
        figure: 'share',
        unit: '× lease',
        per: 1,
        target: { kind: 'none' },
      },
    ],
  },
];
