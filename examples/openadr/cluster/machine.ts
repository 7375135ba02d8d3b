// One machine of the site, as a process: it starts all of its agents, and each of them runs here or on another one.
// By itself: tsx examples/openadr/cluster/machine.ts --name site-a --servers nats://broker:4222 --vtn http://vtn:8080
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { createHost, liveClock, silentLog } from 'rx-agent-kit';
import { stopOnSignals } from 'rx-agent-kit/node';
import { natsBus, natsStore } from 'rx-agent-kit/nats';
import { AGENTS, type AgentName, siteOf } from './site';
import type { Play, Told } from './MachineProcess';

const { values } = parseArgs({
  options: {
    name: { type: 'string', default: 'site-a' },
    servers: { type: 'string', default: 'nats://127.0.0.1:4222' },
    vtn: { type: 'string', default: 'http://127.0.0.1:8080' },
    /** The agents that this machine is to run while all machines are well. */
    leads: { type: 'string', default: '' },
    speed: { type: 'string', default: '1' },
  },
});
const { name, servers } = values;
const speed = Number(values.speed);
// Whoever has started it says when the play begins, and where the VTN is.
process.send?.({ agent: 'host', state: 'loaded' } satisfies Told);
const [{ vtnUrl, since }] = (
  process.send === undefined ? [{ vtnUrl: values.vtn, since: Date.now() }] : await once(process, 'message')
) as [Play];
// The network is no faster than it is, however fast the agents live: what it is given is real time.
const real = (seconds: number) => `${Math.ceil(seconds * speed)}s` as const;
const connectTimeout = real(20);

const host = createHost({
  name,
  clock: liveClock({ speed, since }),
  log: silentLog,
  bus: natsBus({ servers, connectTimeout, drainTimeout: real(2), pingInterval: '2s' }),
  store: natsStore({ servers, connectTimeout, pingInterval: '2s' }),
  startTimeout: real(30),
  stopTimeout: real(5),
  stopDeadline: real(10),
});
stopOnSignals(host);

/** Nobody may be there to listen any more. */
const tell = (told: Told): void => void process.send?.(told, () => undefined);
host.errors$.subscribe(({ agent = 'host', message }) => tell({ agent, problem: message }));

const { agents, listening } = siteOf({ vtnUrl, lease: real(2), requestTimeout: real(10) });
const start = async (agent: AgentName): Promise<void> => {
  const [{ state$ }] = await host.startAll([agents[agent]]);
  state$.subscribe((state) => tell({ agent, state }));
};
const leads = AGENTS.filter((agent) => values.leads.split(' ').includes(agent));

await host.start(listening);
await Promise.all(leads.map(start));
tell({ agent: 'host', state: 'ready' });
// The others when each machine has what it leads.
process.once('message', () => {
  for (const agent of AGENTS) if (!leads.includes(agent)) void start(agent);
});
// Whoever has started it is gone; and who has stopped needs nobody to listen to.
process.once('disconnect', () => void host.stop());
host.health$.subscribe({ complete: () => process.connected && process.disconnect() });
