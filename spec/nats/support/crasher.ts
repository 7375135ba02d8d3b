// A host that takes messages and never comes to an end with them, until it is killed.
import { createHost, defineAgent, silentLog, topic } from 'rx-agent-kit';
import { natsBus } from 'rx-agent-kit/nats';
import { z } from 'zod';

const [, , servers = '', prefix = ''] = process.argv;
const order = topic('orders/:shop/:id', z.number(), { durable: true });
const desk = defineAgent({
  name: 'desk',
  streams: ({ bus, handle }) => ({
    taken$: bus.messages(order, { durable: 'desk' }).pipe(
      handle.merge(async ({ payload }) => {
        console.log(`holds ${payload}`);
        return new Promise<number>(() => undefined);
      }),
    ),
  }),
});

const host = createHost({ name: 'crasher', log: silentLog, bus: natsBus({ servers, prefix }) });
await host.start(desk);
// Its name has to be known to the server before anything is published.
setTimeout(() => console.log('ready'), 500);
