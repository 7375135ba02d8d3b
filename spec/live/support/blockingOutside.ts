// Run as a process: the program itself blocks the event loop, right behind an agent's work or while a handler waits.
import { createHost, defineAgent, silentLog } from 'rx-agent-kit';
import { watchdog } from 'rx-agent-kit/node';

const host = createHost({ log: silentLog, stopTimeout: '100ms' });
watchdog(host, { after: '200ms' });
host.errors$.subscribe(({ agent, stream, message }) => {
  console.error(JSON.stringify({ agent, stream, message }));
  void host.stop();
});
const isWaiting = process.argv[2] === 'waiting';
const block = (): void => {
  const end = performance.now() + 1000;
  while (performance.now() < end);
};

await host.start(
  defineAgent({
    name: 'innocent',
    streams: ({ lifecycle, time, handle }) => ({
      ticks$: lifecycle.start$.pipe(time.every('1ms')),
      handled$: lifecycle.start$.pipe(
        time.every('1ms'),
        handle.switch(async (_tick, { sleep }) => {
          await sleep(1);
          await Promise.resolve();
        }),
      ),
      foreign$: lifecycle.start$.pipe(
        handle.switch(async function ask() {
          if (isWaiting) await new Promise((resolve) => setTimeout(resolve, 30_000).unref());
        }),
      ),
    }),
  }),
);
setTimeout(block, 500);
