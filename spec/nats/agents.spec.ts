import { firstValueFrom } from 'rxjs';
import { z } from 'zod';
import { type Bus, createHost, defineAgent, type Host, silentLog, topic } from 'rx-agent-kit';
import { natsBus } from 'rx-agent-kit/nats';
import { Command, messages, useFolder } from '../cli/support/Command';
import { describeWithServer, NatsServer } from './support/natsServer';
import { thermometer } from '../messages/suites/twoAgents';
import { groupSuite } from '../messages/suites/groupSuite';
import { twoAgentsSuite, type WithHosts } from '../messages/suites/twoAgentsSuite';

const running: Host[] = [];
afterEach(async () => {
  for (const host of running.splice(0)) await host.stop();
});

function host(options: Parameters<typeof createHost>[0]): Host {
  const made = createHost({ log: silentLog, ...options });
  running.push(made);
  return made;
}

/** Two hosts in real time. */
const live =
  (busOf: () => readonly [Bus, Bus]): WithHosts =>
  (body) =>
  async () => {
    const [one, two] = busOf();
    await body(host({ name: 'a', bus: one }), host({ name: 'b', bus: two }));
  };

describeWithServer('over NATS', () => {
  const folder = useFolder();
  let server: NatsServer;

  beforeAll(async () => {
    server = await NatsServer.start();
  });
  afterAll(() => server.stop());

  let farms = 0;
  twoAgentsSuite(
    'on two hosts',
    live(() => {
      const options = { servers: server.url, prefix: `farm${++farms}` };
      return [natsBus(options), natsBus(options)];
    }),
  );

  groupSuite(
    'on two hosts',
    live(() => {
      const options = { servers: server.url, prefix: `farm${++farms}` };
      return [natsBus(options), natsBus(options)];
    }),
  );

  it('tells handlers where a message comes from', async () => {
    const [one, two] = ['a', 'b'].map((name) =>
      host({ name, bus: natsBus({ servers: server.url, prefix: 'o' }) }),
    ) as [Host, Host];
    const word = topic('words', z.string());
    const listener = await one.start(
      defineAgent({ name: 'listener', streams: ({ bus }) => ({ words$: bus.messages(word) }) }),
    );
    const heard = firstValueFrom(listener.streams.words$);
    await two.start(
      defineAgent({
        name: 'speaker',
        streams: ({ lifecycle, time, bus, handle }) => ({
          said$: lifecycle.start$.pipe(
            time.every('20ms'),
            handle.concat(async () => bus.publish(word, 'hello')),
          ),
        }),
      }),
    );
    const message = await heard;
    expect(message).toMatchObject({
      topic: 'words',
      payload: 'hello',
      origin: { sender: 'b', id: expect.any(String) },
    });
    expect({ ...message }).toEqual({ topic: 'words', params: {}, payload: 'hello', at: expect.any(Number) });
  });

  it('rejects the start of an agent when there is no server, and says which', async () => {
    const lonely = host({
      bus: natsBus({ servers: 'nats://u:hunter22@127.0.0.1:1', connectTimeout: '100ms' }),
    });
    const error = await lonely.start(thermometer).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'bus-failed',
      message: expect.stringContaining('nats://127.0.0.1:1'),
    });
    expect(String(error)).not.toContain('hunter22');
  });

  it('is what the command runs agents on: run --bus', async () => {
    const speaker = `
      import { defineAgent, topic } from 'rx-agent-kit';
      import { z } from 'zod';
      const word = topic('cli/words', z.string());
      export default defineAgent({ name: 'speaker', streams: ({ lifecycle, time, handle, bus }) => ({
        said$: lifecycle.start$.pipe(time.every('50ms'), handle.concat(async () => bus.publish(word, 'hello'))),
      }) });`;
    const listener = `
      import { defineAgent, topic } from 'rx-agent-kit';
      import { tap } from 'rxjs';
      import { z } from 'zod';
      const word = topic('cli/words', z.string());
      export default defineAgent({ name: 'listener', streams: ({ bus, log }) => ({
        heard$: bus.messages(word).pipe(tap(({ payload, origin }) => log.info(\`\${payload} from \${origin.sender}\`))),
      }) });`;
    const one = new Command([
      'run',
      folder.write('listener.ts', listener),
      '--bus',
      server.url,
      '--name',
      'ears',
    ]);
    await one.line('started listener');
    const two = new Command([
      'run',
      folder.write('speaker.ts', speaker),
      '--bus',
      server.url,
      '--name',
      'mouth',
    ]);
    await one.line('hello from mouth');
    for (const command of [one, two]) {
      command.kill('SIGTERM');
      expect(await command.end()).toBe(0);
      expect(messages(command.lines).at(-1)).toBe('stopped');
      expect(command.errors).toEqual([]);
    }
  });
});
