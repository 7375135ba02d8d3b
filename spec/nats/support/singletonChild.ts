import { createHost, defineAgent, silentLog } from 'rx-agent-kit';
import { natsBus, natsStore } from 'rx-agent-kit/nats';
import { z } from 'zod';

// A host with an agent of which there is one. What becomes of it is written to the output, a line each.
const [servers = '', name = '', lease = '2s'] = process.argv.slice(2);

const say = (what: string): void => void process.stdout.write(`${what}\n`);

const ledger = defineAgent({
  name: 'ledger',
  singleton: { lease: lease as '2s' },
  state: z.object({ lines: z.array(z.string()).default([]) }),
  streams: ({ lifecycle, time, handle, state }) => ({
    lines$: lifecycle.start$.pipe(
      time.every('50ms', { durable: 'beat' }),
      handle.concat(
        async (_tick, { sleep }) => {
          await sleep('20ms');
          state.update(({ lines }) => ({ lines: [...lines, `${name} ${lines.length}`] }));
          say('wrote');
        },
        { durable: 'jobs' },
      ),
    ),
  }),
});

const options = { servers, pingInterval: '1s' } as const;
const host = createHost({
  name,
  bus: natsBus(options),
  store: natsStore(options),
  log: silentLog,
  random: () => 0.5,
});
host.errors$.subscribe(({ code }) => {
  say(`error ${code}`);
});
process.on('SIGTERM', () => {
  void host.stop().then(() => process.exit(0));
});
void host.start(ledger).then((agent) => {
  agent.state$.subscribe((state) => {
    say(state);
  });
});
