// Its store gets no more room: it goes on until it is told to end.
import { type AgentError, createHost, defineAgent, silentLog } from 'rx-agent-kit';
import { lmdbStore } from 'rx-agent-kit/lmdb';
import { Subject } from 'rxjs';

const [folder = ''] = process.argv.slice(2);
const say = (...words: unknown[]) => process.stdout.write(`${words.join(' ')}\n`);

const orders$ = new Subject<string>();
let handled = 0;
const shop = defineAgent({
  name: 'shop',
  streams: ({ handle }) => ({
    done$: orders$.pipe(
      handle.merge(
        async () => {
          handled++;
          await new Promise(() => {});
        },
        { durable: 'orders', buffer: 50 },
      ),
    ),
  }),
});
let ticks = 0;
const clock = defineAgent({
  name: 'clock',
  streams: ({ lifecycle, time, handle }) => ({
    tick$: lifecycle.start$.pipe(
      time.every('20ms'),
      handle.concat(async () => ++ticks),
    ),
  }),
});

const host = createHost({ store: lmdbStore(folder), log: silentLog });
const errors: string[] = [];
host.errors$.subscribe(({ code, message, cause }) => {
  errors.push(code);
  say('error', code, message, (cause as { code?: string } | undefined)?.code);
});
await host.startAll([shop, clock]);
say('ready');
const load = 'x'.repeat(2000);
let taken = 0;
// As much as there is room for, and much more.
for (; !errors.includes('store-failed'); taken++) {
  orders$.next(load);
  await host.kept().catch((error: unknown) => say('rejected', (error as AgentError).code));
}
const before = { ticks, handled };
for (let n = 0; n < 500; n++) orders$.next(load);
const late = await host
  .kept({ ifFailing: 'wait', timeout: '100ms' })
  .catch((error: unknown) => (error as AgentError).code);
await new Promise((resolve) => setTimeout(resolve, 300));
say(
  'waits',
  late,
  ticks > before.ticks,
  handled - before.handled,
  errors.filter((code) => code === 'overflow').length,
);
say('full');
await host.kept({ ifFailing: 'wait' });
await new Promise((resolve) => setTimeout(resolve, 100));
say('again', handled >= taken, host.health.status);
await host.stop();
say('end');
