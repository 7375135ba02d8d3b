import { liveClock, Scheduler } from 'rx-agent-kit';
import { simulatedNetwork } from 'rx-agent-kit/testing';
import { leasesContract } from '../../store/support/leasesContract';
import { storeContract } from '../../store/support/storeContract';

describe.each([
  ['that takes no time', {}],
  ['that is late', { latency: '0..3ms', seed: 3 }],
] as const)('a simulated network %s', (_name, options) => {
  leasesContract('its servers', () => {
    const network = simulatedNetwork(options);
    return { one: network.leases('one'), other: network.leases('other') };
  });

  storeContract('its servers', () => {
    const network = simulatedNetwork(options);
    return { store: network.store('a'), again: () => network.store('b') };
  });
});

describe('the servers of a simulated network', () => {
  const context = { scheduler: new Scheduler(liveClock()) };

  it('keep what two hosts of one name write apart, as the store behind them does', async () => {
    const network = simulatedNetwork({ latency: '1ms' });
    const first = await network.store('a').open('host', context);
    const second = await network.store('b').open('host', context);
    await expect(first.commit([['a', 1]])).rejects.toMatchObject({ code: 'store-fenced' });
    await second.commit([['a', 2]]);
    expect([...(await network.store('a').open('host', context)).read()]).toEqual([['a', 2]]);
  });
});
