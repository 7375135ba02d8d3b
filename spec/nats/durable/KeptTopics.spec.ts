import { natsBus } from 'rx-agent-kit/nats';
import { heapInUse } from '../../support/memory';
import { describeWithServer, NatsServer } from '../support/natsServer';
import { connected } from '../support/onBus';

describeWithServer('a durable topic that is published to', () => {
  let server: NatsServer;

  beforeAll(async () => {
    server = await NatsServer.start();
  });
  afterAll(() => server.stop());

  it('leaves nothing in memory of what has been kept', async () => {
    const { bus } = await connected(natsBus({ servers: server.url }), 'a');
    const publish = (count: number) =>
      Promise.all(
        Array.from({ length: count }, (_, n) => bus.keeping!.publish(`orders/${n % 10}`, 'orders/+', n)),
      );
    await publish(1000);
    const before = heapInUse();
    const COUNT = 5000;
    for (let n = 0; n < COUNT; n += 500) await publish(500);
    expect((heapInUse() - before) / COUNT).toBeLessThan(200);
    await bus.close();
  });
});
