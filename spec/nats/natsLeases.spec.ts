import { natsBus, natsLeases } from 'rx-agent-kit/nats';
import { leasesContract } from '../store/support/leasesContract';
import { describeWithServer, NatsServer } from './support/natsServer';

describeWithServer('natsLeases', () => {
  let server: NatsServer;
  let farms = 0;

  beforeAll(async () => {
    server = await NatsServer.start();
  });

  afterAll(() => server.stop());

  leasesContract('natsLeases', () => {
    const options = { servers: server.url, prefix: `farm.${++farms}` };
    return { one: natsLeases(options), other: natsLeases(options) };
  });

  leasesContract('those of a natsBus', () => {
    const options = { servers: server.url, prefix: `farm.${++farms}` };
    return { one: natsBus(options).leases!, other: natsLeases(options) };
  });
});
