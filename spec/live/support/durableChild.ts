// What is killed: it takes orders as fast as they are kept, and writes down what it does to them.
import { appendFileSync } from 'node:fs';
import { createHost, defineAgent, silentLog, topic } from 'rx-agent-kit';
import { lmdbStore } from 'rx-agent-kit/lmdb';
import { Subject } from 'rxjs';
import { z } from 'zod';

const [folder = '', log = '', life = '0', mode = 'load'] = process.argv.slice(2);
const note = (what: string, order: string) => {
  appendFileSync(log, `${what} ${order}\n`);
};

const shipped = topic('shipped', z.string(), { durable: true });
const orders$ = new Subject<string>();
const shop = defineAgent({
  name: 'shop',
  state: z.object({ done: z.number().default(0) }),
  streams: ({ time, handle, state, bus }) => ({
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
          bus.publish(shipped, order);
          return order;
        },
        { durable: 'orders', concurrency: 20 },
      ),
    ),
    done$: state.state$,
  }),
});

/** Hears of what is shipped: once where its jobs count, and at least once where a plain handler does. */
const office = defineAgent({
  name: 'office',
  state: z.object({ mailed: z.number().default(0) }),
  streams: ({ handle, state, bus }) => ({
    mailed$: bus.messages(shipped, { durable: 'mail' }).pipe(
      handle.merge(
        async ({ payload, origin }) => {
          note('mailed', `${payload}#${origin?.id}`);
          state.update(({ mailed }) => ({ mailed: mailed + 1 }));
        },
        { durable: 'mails', concurrency: 20 },
      ),
    ),
    seen$: bus
      .messages(shipped, { durable: 'audit' })
      .pipe(handle.concat(async ({ payload, origin }) => note('audited', `${payload}#${origin?.id}`))),
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
await host.startAll([shop, office]);
note('ready', life);
const tellReady = () => process.stdout.write('ready\n');
if (mode === 'load')
  for (let n = 0; ; n++) {
    const order = `${life}-${n}`;
    orders$.next(order);
    await host.kept();
    note('kept', order);
    // However slow the machine is, a life that is killed has kept something.
    if (n === 2) tellReady();
    // Others have their turn.
    if (n % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
tellReady();
for (let isOpen = true; isOpen;) {
  await new Promise((resolve) => setTimeout(resolve, 50));
  // What others can see of the store already, this process may yet have to hear of.
  await host.kept();
  const keys = [...(await store.entries('child')).keys()];
  isOpen = keys.some((key) => /\/(job|timer|step|message)\//.test(key));
}
// What others can see of the store already, this process may yet have to hear of.
await host.kept();
const stateOf = async <S>(agent: string): Promise<S> => {
  const [, [state]] = (await store.entries('child')).get(`${agent}/state/(state)/1`) as unknown as [
    number,
    [S],
  ];
  return state;
};
const { done } = await stateOf<{ done: number }>('shop');
const { mailed } = await stateOf<{ mailed: number }>('office');
note('done', `${done} ${mailed}`);
await host.stop();
