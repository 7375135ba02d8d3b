import {
  type AgentError,
  createHost,
  defineAgent,
  memoryStore,
  silentLog,
  type Store,
  topic,
} from 'rx-agent-kit';
import { everyCrash, marbleTest } from 'rx-agent-kit/testing';
import { map, Subject } from 'rxjs';
import { z } from 'zod';

const order = topic('orders/:shop/:id', z.number(), { durable: true });

interface Seen {
  readonly value: number;
  readonly shop: string;
  readonly id: string | undefined;
  readonly attempt?: number;
}

/** Publishes what it is given. */
const shop = (numbers$: Subject<number>, shops = 1) =>
  defineAgent({
    name: 'shop',
    streams: ({ bus }) => ({
      placed$: numbers$.pipe(
        map((n) => {
          bus.publish(order.at({ shop: `s${n % shops}`, id: 'all' }), n);
          return n;
        }),
      ),
    }),
  });

/** Takes orders under a name; `work` is what it does with each. */
const desk = (
  seen: Seen[],
  work: (value: number, sleep: (ms: number) => Promise<void>) => unknown = () => undefined,
  name = 'desk',
  agent = name,
) =>
  defineAgent({
    name: agent,
    streams: ({ bus, handle }) => ({
      taken$: bus.messages(order, { durable: name }).pipe(
        handle.merge(async ({ payload: value, origin, params }, { sleep }) => {
          seen.push({ value, id: origin?.id, shop: params.shop });
          await work(value, sleep);
          return value;
        }),
      ),
    }),
  });

/** The same with a handler whose triggers are jobs. */
const books = (
  seen: number[],
  work: (value: number, sleep: (ms: number) => Promise<void>) => unknown = () => undefined,
) =>
  defineAgent({
    name: 'books',
    streams: ({ bus, handle }) => ({
      booked$: bus.messages(order, { durable: 'books' }).pipe(
        handle.concat(
          async ({ payload }, { sleep }) => {
            seen.push(payload);
            await work(payload, sleep);
            return payload;
          },
          { durable: 'books' },
        ),
      ),
    }),
  });

const values = (seen: readonly Seen[]) => seen.map(({ value }) => value);
const numbers = (count: number, from = 1) => Array.from({ length: count }, (_, n) => from + n);
const kinds = (store: ReturnType<typeof memoryStore>, host = 'test') =>
  [...store.entries(host).keys()]
    .map((key) => key.split('/').slice(0, 3).join('/'))
    .filter((key) => /message|job|dead/.test(key));

describe('A durable topic on the bus in memory', () => {
  it('is refused on a host without a store, with the lines to write', async () => {
    const host = createHost({ log: silentLog });
    await expect(host.start(desk([]))).rejects.toMatchObject({
      code: 'bus-unsupported',
      message: expect.stringMatching(/createHost\({ store: lmdbStore\('\.\/data'\) }\).*natsBus\(/),
    });
    await host.stop();
  });

  it(
    'brings each message to each name, in the order of its topic, with the id that it was published with',
    marbleTest(async ({ start, host, clock }) => {
      const [one, two, orders$] = [[] as Seen[], [] as Seen[], new Subject<number>()];
      start(desk(one));
      start(desk(two, undefined, 'audit'));
      start(shop(orders$, 3));
      await clock.sleep(0);
      for (const n of numbers(300)) orders$.next(n);
      await host.kept();
      await clock.sleep(1);
      for (const seen of [one, two]) {
        expect(values(seen).sort((a, b) => a - b)).toEqual(numbers(300));
        for (const name of ['s0', 's1', 's2']) {
          const own = values(seen.filter((each) => each.shop === name));
          expect(own).toEqual([...own].sort((a, b) => a - b));
        }
      }
      expect(new Set(one.map(({ id }) => id)).size).toBe(300);
      expect(new Set(one.map(({ id }) => id))).toEqual(new Set(two.map(({ id }) => id)));
    }),
  );

  const between = memoryStore();
  it(
    'keeps what is published while nobody takes it, once the name is known, and over crashes',
    marbleTest(
      async ({ start, host, clock, crash }) => {
        const [seen, orders$] = [[] as Seen[], new Subject<number>()];
        const first = await host.start(desk(seen));
        start(shop(orders$));
        await clock.sleep(0);
        orders$.next(1);
        await clock.sleep(1);
        await first.stop();
        for (const n of numbers(50, 2)) orders$.next(n);
        await host.kept();
        expect(kinds(between)).toHaveLength(50);
        crash(clock.now(), { down: '1h' });
        await clock.sleep('2h');
        await host.start(desk(seen));
        await clock.sleep(1);
        expect(values(seen)).toEqual(numbers(51));
        expect(kinds(between)).toEqual([]);
      },
      { store: between },
    ),
  );

  it(
    'brings a message again whose handler has failed, before those behind it, with the same id, and no other topic waits',
    marbleTest(async ({ start, clock }) => {
      const [seen, orders$] = [[] as Seen[], new Subject<number>()];
      let failures = 2;
      const { errors$ } = start(
        desk(seen, (value) => {
          if (value === 2 && failures-- > 0) throw new Error('not yet');
        }),
      );
      const errors: string[] = [];
      errors$.subscribe(({ code }) => errors.push(code));
      start(shop(orders$, 2));
      await clock.sleep(0);
      for (const n of [2, 4, 6, 1, 3]) orders$.next(n);
      await clock.sleep(1);
      expect(values(seen)).toEqual([2, 1, 3]);
      await clock.sleep('10s');
      expect(values(seen)).toEqual([2, 1, 3, 2, 2, 4, 6]);
      expect(new Set(seen.filter(({ value }) => value === 2).map(({ id }) => id)).size).toBe(1);
      expect(errors).toEqual(['handler-failed', 'handler-failed']);
    }),
  );

  const withDead = memoryStore();
  it(
    'puts a message away as dead that has failed ten times, says so, and goes on with the next',
    marbleTest(
      async ({ start, host, clock }) => {
        const [seen, orders$] = [[] as Seen[], new Subject<number>()];
        const codes: AgentError[] = [];
        host.errors$.subscribe((error) => codes.push(error));
        start(
          desk(seen, (value) => {
            if (value === 1) throw new Error('never');
          }),
        );
        start(shop(orders$));
        await clock.sleep(0);
        for (const n of [1, 2]) orders$.next(n);
        await clock.sleep('1h');
        expect(values(seen)).toEqual([...Array<number>(10).fill(1), 2]);
        expect(codes.filter(({ code }) => code === 'message-dead').map(({ message }) => message)).toEqual([
          "orders/s0/all: a message was given up as dead by 'desk orders/+/+' after 10 times: never. See 'rx-agent-kit store list'.",
        ]);
        expect(kinds(withDead)).toEqual(['(bus)/dead/desk%20orders%2F%2B%2F%2B']);
      },
      { store: withDead },
    ),
  );

  it(
    'shares the messages of a name among those who bear it',
    marbleTest(async ({ start, clock }) => {
      const [one, two, orders$] = [[] as Seen[], [] as Seen[], new Subject<number>()];
      start(desk(one));
      start(desk(two, undefined, 'desk', 'second desk'));
      start(shop(orders$, 10));
      await clock.sleep(0);
      for (const n of numbers(40)) orders$.next(n);
      await clock.sleep(1);
      expect(values([...one, ...two]).sort((a, b) => a - b)).toEqual(numbers(40));
      expect([one.length, two.length]).toEqual([20, 20]);
    }),
  );

  it(
    'reaches those who are subscribed without a name, too, and what the body of a test publishes is kept',
    marbleTest(async ({ start, bus, clock }) => {
      const [seen, plain] = [[] as Seen[], [] as number[]];
      start(desk(seen));
      const agent = defineAgent({
        name: 'plain',
        streams: ({ bus: own }) => ({ heard$: own.messages(order).pipe(map(({ payload }) => payload)) }),
      });
      start(agent).streams.heard$.subscribe((value) => plain.push(value));
      await clock.sleep(0);
      for (const n of [1, 2]) bus.publish(order.at({ shop: 'x', id: 'all' }), n);
      await clock.sleep(1);
      expect([values(seen), plain]).toEqual([
        [1, 2],
        [1, 2],
      ]);
    }),
  );

  it(
    'has a message come again that a stop has cut off, as no failure',
    marbleTest(async ({ start, host, clock }) => {
      const [seen, orders$] = [[] as Seen[], new Subject<number>()];
      const first = await host.start(desk(seen, (_value, sleep) => sleep(1000)));
      start(shop(orders$));
      await clock.sleep(0);
      orders$.next(1);
      orders$.next(2);
      await clock.sleep(10);
      await first.stop();
      expect(values(seen)).toEqual([1]);
      await host.start(desk(seen));
      await clock.sleep(0);
      expect(values(seen)).toEqual([1, 1, 2]);
    }),
  );

  const unclaimed = memoryStore();
  it('tells at the start of a name that its agent does not use any more, and goes on keeping for it', async () => {
    const warnings: string[] = [];
    const log = { ...silentLog, warn: (message: string) => warnings.push(message) };
    const lives = [desk([]), defineAgent({ name: 'desk', streams: () => ({}) })];
    const orders$ = new Subject<number>();
    for (const life of lives) {
      const host = createHost({ store: unclaimed, log });
      await host.start(life);
      await host.start(shop(orders$));
      if (life === lives[1]) for (const n of [1, 2]) orders$.next(n);
      await host.kept();
      await host.stop();
    }
    expect(warnings).toMatchObject([expect.stringContaining('(0 so far)')]);
    warnings.length = 0;
    const host = createHost({ store: unclaimed, log });
    await host.start(books([]));
    await host.start(defineAgent({ name: 'desk', streams: () => ({}) }));
    await host.stop();
    expect(warnings).toEqual([
      "desk: nobody takes the messages that are kept as 'desk orders/+/+' (2 so far), and all that come are kept, too. See 'rx-agent-kit store list', or drop them there.",
    ]);
  });

  const poisoned = memoryStore();
  it(
    'gives a message up that no process lives to deal with',
    marbleTest(
      async ({ start, host, bus, clock, crash }) => {
        const seen: Seen[] = [];
        const codes: string[] = [];
        host.errors$.subscribe(({ code }) => codes.push(code));
        start(desk(seen, (value, sleep) => (value === 1 ? sleep(60_000) : undefined)));
        await clock.sleep(0);
        bus.publish(order.at({ shop: 'x', id: 'all' }), 1);
        bus.publish(order.at({ shop: 'x', id: 'all' }), 2);
        for (let life = 1; life <= 12; life++) crash(life * 1000);
        await clock.sleep('20s');
        expect(values(seen)).toEqual([...Array<number>(11).fill(1), 2]);
        expect(codes).toEqual(['message-dead']);
        expect(kinds(poisoned)).toEqual(['(bus)/dead/desk%20orders%2F%2B%2F%2B']);
      },
      { store: poisoned },
    ),
  );

  const batches: string[][] = [];
  const watched: Store = {
    async open(host, context) {
      const store = await memoryStore().open(host, context);
      const commit: typeof store.commit = (batch) => {
        batches.push(
          batch
            .map(([key, value]) => `${value === undefined ? '-' : '+'}${key.split('/')[1]}`)
            .filter((change) => /message|job/.test(change)),
        );
        return store.commit(batch);
      };
      return { read: () => store.read(), commit, flush: () => store.flush(), close: () => store.close() };
    },
  };
  it(
    'is done with a message in the batch in which a durable handler takes it, and publishes in that in which a job ends',
    marbleTest(
      async ({ start, bus, clock }) => {
        const seen: number[] = [];
        const paid = topic('paid', z.number(), { durable: true });
        start(books(seen, (_value, sleep) => sleep(1000)));
        start(
          defineAgent({
            name: 'till',
            streams: ({ bus: own, handle }) => ({
              paid$: own
                .messages(order, { durable: 'till' })
                .pipe(
                  handle.concat(async ({ payload }) => own.publish(paid, payload), { durable: 'payments' }),
                ),
              known$: own.messages(paid, { durable: 'known' }),
            }),
          }),
        );
        await clock.sleep(0);
        bus.publish(order.at({ shop: 'x', id: 'all' }), 1);
        await clock.sleep('10s');
        expect(seen).toEqual([1]);
        expect(batches.filter((batch) => batch.length > 0)).toEqual([
          ['+message', '+message'],
          ['+job', '-message', '+job', '-message'],
          ['+message', '-job'],
          ['-message'],
          ['-job'],
        ]);
      },
      { store: watched },
    ),
  );

  it(
    'brings a message again that finds no room in a durable handler, or whose key fails',
    marbleTest(async ({ start, bus, clock }) => {
      const seen: string[] = [];
      let isBroken = true;
      start(
        defineAgent({
          name: 'narrow',
          streams: ({ bus: own, handle }) => ({
            narrow$: own.messages(order, { durable: 'narrow' }).pipe(
              handle.concat(
                async ({ payload }, { sleep }) => {
                  seen.push(`narrow ${payload}`);
                  await sleep('500ms');
                },
                { durable: 'narrow', buffer: 1 },
              ),
            ),
            keyed$: own.messages(order, { durable: 'keyed' }).pipe(
              handle.merge(async ({ payload }) => void seen.push(`keyed ${payload}`), {
                key: () => {
                  if (isBroken) throw new Error('no key');
                  return 1;
                },
              }),
            ),
          }),
        }),
      ).errors$.subscribe(() => undefined);
      await clock.sleep(0);
      for (const n of [1, 2, 3]) bus.publish(order.at({ shop: `s${n}`, id: 'all' }), n);
      await clock.sleep(10);
      expect(seen).toEqual(['narrow 1']);
      isBroken = false;
      await clock.sleep('5s');
      expect(seen.sort()).toEqual([1, 2, 3].flatMap((n) => [`keyed ${n}`, `narrow ${n}`]).sort());
    }),
  );

  it(
    'is handled once by a durable handler, wherever the process dies',
    everyCrash(async ({ start, host, clock }) => {
      const [seen, orders$] = [[] as number[], new Subject<number>()];
      const done: number[] = [];
      start(books(seen)).streams.booked$.subscribe((value) => done.push(value));
      start(shop(orders$));
      await clock.sleep(0);
      for (const n of [1, 2]) {
        for (let isKept = false; !isKept;) {
          orders$.next(n);
          isKept = await host.kept().then(
            () => true,
            () => clock.sleep('1s').then(() => false),
          );
        }
      }
      await clock.sleep('1m');
      expect([...new Set(seen)]).toEqual([1, 2]);
      expect(done).toEqual([...new Set(done)]);
    }),
  );
});
