import { natsStore } from 'rx-agent-kit/nats';
import { storeContract } from '../store/support/storeContract';
import { describeWithServer, NatsServer } from './support/natsServer';

describeWithServer('natsStore', () => {
  let server: NatsServer;
  let farms = 0;

  beforeAll(async () => {
    server = await NatsServer.start();
  });

  afterAll(() => server.stop());

  storeContract('natsStore', () => {
    const options = { servers: server.url, prefix: `farm.${++farms}` };
    return { store: natsStore(options), again: () => natsStore(options) };
  });
});
