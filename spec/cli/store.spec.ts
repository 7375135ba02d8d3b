import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHost, defineAgent, memoryBus, silentLog, topic } from 'rx-agent-kit';
import { lmdbStore } from 'rx-agent-kit/lmdb';
import { filter, firstValueFrom, ignoreElements, Subject, tap } from 'rxjs';
import { z } from 'zod';
import { storeDrop, storeList, storeRedrive, storeShow } from '../../lib/cli/store/store';

describe('rx-agent-kit store', () => {
  let folder: string;
  let printed: string[];
  const print = (text: string) => void printed.push(text);
  const options = (json = false) => ({ store: folder, json });
  const fresh = () => {
    printed = [];
  };

  /** A life of a shop in which orders fail, are open, or are charged already. */
  async function live(fails: boolean): Promise<string[]> {
    const orders$ = new Subject<number>();
    const charges: string[] = [];
    const host = createHost({ store: lmdbStore(folder), name: 'site', log: silentLog, stopTimeout: 0 });
    await host.start(
      defineAgent({
        name: 'shop',
        state: z.object({ seen: z.number().default(0) }),
        streams: ({ handle, time, state }) => ({
          x$: orders$.pipe(
            handle.merge(
              async (order, { step, key }) => {
                await step('charge', async () => void charges.push(key));
                state.update(({ seen }) => ({ seen: seen + 1 }));
                if (order === 1 && fails) throw new Error('no stock');
                return order === 2 && fails ? new Promise<number>(() => {}) : order;
              },
              { durable: 'orders' },
            ),
          ),
          y$: orders$.pipe(time.after('1h', { durable: 'remind' })),
        }),
      }),
    );
    if (fails) for (const order of [1, 2]) orders$.next(order);
    for (let n = 0; n < 4; n++) await host.kept();
    await host.stop();
    return charges;
  }

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rx-agent-kit-'));
    fresh();
    await live(true);
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  describe('of the messages of durable topics', () => {
    const order = topic('orders/:id', z.number(), { durable: true });

    /** Takes the orders that come, the first of which fails for good; the others wait for it, if they are of its topic. */
    async function take(fails: boolean): Promise<number[]> {
      const seen: number[] = [];
      const bus = memoryBus({ maxDeliver: 1 });
      const host = createHost({ store: lmdbStore(folder), name: 'hall', log: silentLog, bus });
      const desk = defineAgent({
        name: 'desk',
        streams: ({ bus: own, handle, lifecycle }) => ({
          taken$: own.messages(order, { durable: 'desk' }).pipe(
            handle.merge(async ({ payload }) => {
              seen.push(payload);
              if (fails) throw new Error('no stock');
              return payload;
            }),
          ),
          placed$: lifecycle.start$.pipe(
            tap(() => {
              if (fails) own.publish(order.at({ id: 'o1' }), 7);
            }),
            ignoreElements(),
          ),
        }),
      });
      const isOver = firstValueFrom<unknown>(
        fails ? host.errors$.pipe(filter(({ code }) => code === 'message-dead')) : host.outputs$,
      );
      await host.start(desk);
      await isOver;
      await host.stop();
      return seen;
    }

    it('lists, shows, re-drives and drops them', async () => {
      expect(await take(true)).toEqual([7]);
      const mine = { ...options(), name: 'hall' };
      const choice = { agent: '(bus)' };
      await storeList(mine, print);
      await storeShow(choice, mine, print);
      expect(printed).toEqual([
        'hall  (bus)  desk orders/+  1 dead',
        '(bus)  desk orders/+',
        expect.stringMatching(
          /^ {2}dead 1 {2}\["orders\/o1",\[7\],\d+,1\] failed at attempt 1, .*: Error: no stock$/,
        ),
        '  taker 1  taken by desk',
      ]);
      fresh();
      await storeRedrive(choice, mine, print);
      await storeShow(choice, mine, print);
      expect(printed).toEqual([
        '1 redriven',
        '(bus)  desk orders/+',
        expect.stringMatching(/^ {2}message 1 {2}orders\/o1 {2}7 {2}published 2/),
        '  taker 1  taken by desk',
      ]);
      expect(await take(false)).toEqual([7]);
      fresh();
      await storeDrop({ ...choice, durable: 'desk orders/+' }, mine, print);
      await storeList(mine, print);
      expect(printed).toEqual(['1 dropped', 'Nothing is kept.']);
    });
  });

  it('lists what is kept, by agent and durable name', async () => {
    expect(await storeList(options(), print)).toBe(0);
    expect(printed).toEqual(
      [
        'site  shop  remind  1 timers',
        'site  shop  (state)  1 states',
        'site  shop  orders  1 jobs, 1 dead',
      ].sort((one, other) => printed.indexOf(one) - printed.indexOf(other)),
    );
    fresh();
    await storeList(options(true), print);
    expect(JSON.parse(printed.join(''))).toContainEqual({
      host: 'site',
      agent: 'shop',
      name: 'orders',
      jobs: 1,
      timers: 0,
      messages: 0,
      dead: 1,
      states: 0,
    });
  });

  it('shows what is kept under a name, what is dead with its error', async () => {
    await storeShow({ agent: 'shop', durable: 'orders' }, options(), print);
    expect(printed.join('\n')).toMatch(
      /job 3 {2}\[\[2\],1\]\n {2}step 3!charge {2}\[\]\n {2}dead 1 {2}\[1\] failed at attempt 1, .*: Error: no stock/,
    );
  });

  it('drives a dead job again: under its key, and with the steps that it has done', async () => {
    expect(await storeRedrive({ agent: 'shop', durable: 'orders' }, options(), print)).toBe(0);
    expect(printed).toEqual(['1 redriven']);
    expect(await live(false)).toEqual([]);
    fresh();
    await storeShow({ agent: 'shop', durable: '(state)' }, options(), print);
    expect(printed.join('\n')).toContain('[{"seen":4}]');
  });

  it('drops one job with its steps, or all of a name', async () => {
    await storeDrop({ agent: 'shop', durable: 'orders', id: '3' }, options(), print);
    expect(printed).toEqual(['2 dropped']);
    await storeDrop({ agent: 'shop' }, options(true), print);
    fresh();
    await storeList(options(), print);
    expect(printed).toEqual(['Nothing is kept.']);
  });

  it('says what is not there', async () => {
    await expect(storeShow({ agent: 'shap' }, options(), print)).rejects.toThrow('Nothing is kept of shap.');
    await expect(storeList({ ...options(), name: 'other' }, print)).rejects.toThrow('There are: site.');
    await expect(storeList({ store: join(folder, 'none'), json: false }, print)).rejects.toThrow(
      'holds no store',
    );
  });

  it('leaves a store alone that is in use', async () => {
    writeFileSync(
      join(folder, 'process.lock'),
      JSON.stringify({ pid: process.ppid, began: beganOf(process.ppid) }),
    );
    await storeList(options(), print);
    await expect(storeDrop({ agent: 'shop' }, options(), print)).rejects.toMatchObject({
      code: 'store-locked',
    });
  });
});

function beganOf(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]!;
}
