// A host that takes messages, and writes down when it begins with one and when it is done with it.
import { appendFileSync } from 'node:fs';
import { createHost, defineAgent, silentLog, topic } from 'rx-agent-kit';
import { natsBus } from 'rx-agent-kit/nats';
import { z } from 'zod';

/** What its handlers do. */
export interface Mood {
  /** How long each takes, in ms. */
  readonly pause: number;
  /** The share of them that fail at the first try. */
  readonly failing: number;
}

const [name = '', servers = '', log = '', known = ''] = process.argv.slice(2);
const order = topic('orders/:shop', z.number(), { durable: true });
const note = (what: string, n: number, id: string | undefined): void => {
  appendFileSync(log, `${what} ${n} ${id ?? ''} ${Date.now()} ${name}\n`);
};

let mood: Mood = { pause: 0, failing: 0 };
const failed = new Set<number>();
let turn = 0;

const desk = defineAgent({
  name: 'desk',
  streams: ({ bus, handle }) => ({
    taken$: bus.messages(order, { durable: 'desk' }).pipe(
      handle.merge(async ({ payload: n, origin }, { sleep }) => {
        note('begun', n, origin?.id);
        if (mood.pause > 0) await sleep(mood.pause);
        if (n % Number(known) === 0) throw new Error('never');
        if (!failed.has(n) && turn++ % 100 < mood.failing * 100) {
          failed.add(n);
          throw new Error('not yet');
        }
        note('done', n, origin?.id);
      }),
    ),
  }),
});

const redelivery = { from: '20ms', to: '200ms' } as const;
const bus = natsBus({ servers, pingInterval: '1s', redelivery });
const host = createHost({ name, log: silentLog, bus });
process.on('message', (given: Mood) => (mood = given));
process.on('disconnect', () => process.exit());
await host.start(desk);
process.send?.('ready');
