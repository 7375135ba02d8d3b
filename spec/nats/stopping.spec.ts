import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { createInterface } from 'node:readline';
import { bundled } from '../support/bundled';
import { describeWithServer, NatsServer } from './support/natsServer';

/** What a busy machine may add, in ms; all that is waited for takes ten seconds and more. */
const LOADED = 4000;

describeWithServer('a host that is stopped while its server is away', () => {
  const program = bundled('spec/nats/support/stoppingChild.ts');
  let server: NatsServer;
  /** Takes connections, and does not say a word. */
  let silent: Server;

  beforeAll(async () => {
    server = await NatsServer.start();
    silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
  });
  afterAll(async () => {
    await server.stop();
    silent.close();
  });

  /** Gives how long the stop has taken, and the end of the process. */
  async function stopping(
    what: string,
    servers: string,
    away: () => Promise<void> | void,
  ): Promise<number[]> {
    const child = spawn(process.execPath, [program, what, servers], { stdio: ['pipe', 'pipe', 'inherit'] });
    const times: number[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      if (line === 'made') {
        await away();
        child.stdin.write('go\n');
      }
      const [, time] = /^(?:stopped|exit) (\d+)$/.exec(line) ?? [];
      if (time !== undefined) times.push(Number(time));
    }
    return times;
  }

  const here = (): void => undefined;
  const nobody = (): string => 'nats://127.0.0.1:1';
  const mute = (): string => `nats://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const own = (): string => server.url;

  it.each<[string, string, () => string, () => Promise<void> | void]>([
    ['a bus', 'nobody is there', nobody, here],
    ['a bus', 'nobody says a word', mute, here],
    ['a store', 'nobody is there', nobody, here],
    ['a store', 'nobody says a word', mute, here],
    ['leases', 'nobody is there', nobody, here],
    ['leases', 'nobody says a word', mute, here],
    ['configs', 'the server is frozen', own, () => server.freeze()],
    ['configs', 'the server was killed', own, () => server.kill()],
  ])('ends at once, with its process: %s, where %s', async (part, _where, servers, away) => {
    server.thaw();
    await server.start();
    const times = await stopping(part.replace('a ', ''), servers(), away);
    server.thaw();
    expect(times).toHaveLength(2);
    expect(Math.max(...times)).toBeLessThan(LOADED);
  });
});
