// Run as a process: an agent that takes a while to stop, as long as its argument says.
import { createHost, defineAgent, silentLog } from 'rx-agent-kit';
import { stopOnSignals } from 'rx-agent-kit/node';

const host = createHost({ log: silentLog });
stopOnSignals(host, {
  onSignal: (signal) => {
    console.log(signal);
  },
});
await host.start(
  defineAgent({
    name: 'slow',
    streams: ({ lifecycle, time, handle }) => ({
      ticks$: lifecycle.start$.pipe(time.every('1h')),
      stop$: lifecycle.stop$.pipe(
        handle.merge(async (_event, { sleep }) => {
          await sleep(process.argv[2] ?? 0);
          console.log('stopped');
        }),
      ),
    }),
  }),
);
console.log('ready');
