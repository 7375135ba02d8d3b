// Run as a process: an agent's handler blocks the event loop for a while. What is seen is told line by line.
import { createHost, defineAgent, silentLog } from 'rx-agent-kit';
import { watchdog } from 'rx-agent-kit/node';

const host = createHost({ log: silentLog });
watchdog(host, { after: '200ms' });
host.errors$.subscribe(({ code, agent, stream, message }) => {
  console.error(JSON.stringify({ code, agent, stream, message }));
  void host.stop();
});

const parser = defineAgent({
  name: 'parser',
  streams: ({ lifecycle, time, handle }) => ({
    harmless$: lifecycle.start$.pipe(
      time.every('5ms'),
      handle.switch(async function glance(_tick, { sleep }) {
        await sleep(1);
      }),
    ),
    parsed$: lifecycle.start$.pipe(
      time.after('500ms'),
      handle.switch(async function parse(_event, { sleep }) {
        await sleep('100ms');
        const end = performance.now() + 1500;
        while (performance.now() < end);
        console.error('parsed');
      }),
    ),
  }),
});
await host.start(parser);
