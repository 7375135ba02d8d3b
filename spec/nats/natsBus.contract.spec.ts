import { filter, firstValueFrom } from 'rxjs';
import { natsBus } from 'rx-agent-kit/nats';
import { busContract } from '../messages/bus/busContract';
import { describeWithServer, NatsServer } from './support/natsServer';

describeWithServer('natsBus', () => {
  let server: NatsServer;
  let farms = 0;

  beforeAll(async () => {
    server = await NatsServer.start();
  });

  // A case may have left it down.
  beforeEach(() => server.start());
  afterAll(() => server.stop());

  const becomes = (bus: ReturnType<typeof natsBus>, wanted: string) =>
    firstValueFrom(bus.status$.pipe(filter((status) => status === wanted)));

  busContract('natsBus', () => {
    const bus = natsBus({ servers: server.url, prefix: `farm${++farms}`, buffer: 0 });
    return {
      bus,
      drop: async () => {
        await server.kill();
        await becomes(bus, 'connecting');
      },
      restore: async () => {
        await server.start();
        await becomes(bus, 'connected');
      },
    };
  });
});
