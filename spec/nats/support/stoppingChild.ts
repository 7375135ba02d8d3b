// A host whose server is away, that is stopped as soon as it looks for it; how long that takes is written down.
import { createHost, defineAgent, silentLog } from 'rx-agent-kit';
import { natsBus, natsConfigs, natsLeases, natsStore } from 'rx-agent-kit/nats';
import { z } from 'zod';

const [what = '', servers = ''] = process.argv.slice(2);
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const part = {
  bus: async () => ({ bus: natsBus({ servers }) }),
  store: async () => ({ store: natsStore({ servers }) }),
  leases: async () => ({ leases: natsLeases({ servers }) }),
  configs: async () => ({ configs: await natsConfigs({ servers }) }),
}[what];
if (part === undefined) throw new Error(`There is no ${what}.`);
const parts = await part();
say('made');
// The server is away from now on.
await new Promise((resolve) => process.stdin.once('data', resolve));
process.stdin.destroy();
const host = createHost({ name: 'a', log: silentLog, ...parts });
const agent = defineAgent({
  name: 'agent',
  ...(what === 'leases' && { singleton: true }),
  ...(what === 'store' && { state: z.object({ n: z.number().default(0) }) }),
  streams: () => ({}),
});
const started = host.start(agent).then(
  () => 'started',
  (error: unknown) => (error as { readonly code: string }).code,
);
await new Promise((resolve) => setTimeout(resolve, 200));
const begin = performance.now();
await host.stop();
say(`stopped ${Math.round(performance.now() - begin)}`);
say(await started);
process.on('exit', () => say(`exit ${Math.round(performance.now() - begin)}`));
