// What is killed: it takes orders as fast as they are kept, and writes down what it does to them.
import { appendFileSync } from 'node:fs';
import { createHost, defineAgent, silentLog } from 'rx-agent-kit';
import { lmdbStore } from 'rx-agent-kit/lmdb';
import { Subject } from 'rxjs';
import { z } from 'zod';

const [folder = '', log = '', life = '0', mode = 'load'] = process.argv.slice(2);
const note = (what: string, order: string) => {
  appendFileSync(log, `${what} ${order}\n`);
};

const orders$ = new Subject<string>();
const shop = defineAgent({
  name: 'shop',
  state: z.object({ done: z.number().default(0) }),
  streams: ({ time, handle, state }) => ({
    shipped$: orders$.pipe(
      time.after('5ms', { durable: 'wait', key: (order) => order }),
      handle.merge(
        async (order, run) => {
          note('begun', order);
          await run.step('charge', async () => {
            note('charged', order);
          });
          note('charge-kept', order);
          await run.sleep('3ms', { step: 'cool off' });
          await run.step('ship', async () => {
            note('shipped', order);
          });
          note('ship-kept', order);
          state.update(({ done }) => ({ done: done + 1 }));
          return order;
        },
        { durable: 'orders', concurrency: 20 },
      ),
    ),
    done$: state.state$,
  }),
});

const store = lmdbStore(folder);
const host = createHost({ store, log: silentLog, name: 'child' });
host.errors$.subscribe(({ message }) => {
  note('error', message.replaceAll('\n', ' '));
});
host.outputs$.subscribe(({ stream, value }) => {
  if (stream === 'shipped$') note('settled', String(value));
});
await host.start(shop);
note('ready', life);
process.stdout.write('ready\n');
if (mode === 'load')
  for (let n = 0; ; n++) {
    const order = `${life}-${n}`;
    orders$.next(order);
    await host.kept();
    note('kept', order);
    // Others have their turn.
    if (n % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
for (let isOpen = true; isOpen;) {
  await new Promise((resolve) => setTimeout(resolve, 50));
  // What others can see of the store already, this process may yet have to hear of.
  await host.kept();
  const keys = [...(await store.entries('child')).keys()];
  isOpen = keys.some((key) => /\/(job|timer|step)\//.test(key));
}
// What others can see of the store already, this process may yet have to hear of.
await host.kept();
const [, [{ done }]] = (await store.entries('child')).get('shop/state/(state)/1') as unknown as [
  number,
  [{ done: number }],
];
note('done', String(done));
await host.stop();
