// Offloads a sum and prints it; with `stop` it then stops its host, and otherwise does nothing more.
import { createHost, defineAgent } from 'rx-agent-kit';
import { workerPool } from 'rx-agent-kit/node';

const host = createHost({ offload: workerPool({ idle: '1h' }) });
host.outputs$.subscribe(({ value }) => {
  console.log(value);
  if (process.argv[2] === 'stop') void host.stop();
});
void host.start(
  defineAgent({
    name: 'agent',
    streams: ({ lifecycle, handle }) => ({
      sum$: lifecycle.start$.pipe(
        handle.switch((_start, { offload }) => offload((a: number, b: number) => a + b, [1, 2])),
      ),
    }),
  }),
);
