import { liveClock, Scheduler, type OpenStore, type Store } from 'rx-agent-kit';

/** What the contract is tried on: a place that is empty in each case, and a store on it. */
export interface StoreGround {
  /** Another store on the same place, as after a restart of the process. */
  again(): Store;
  readonly store: Store;
  /** Lets go of the place. */
  clear?(): Promise<void> | void;
}

/** What any {@link Store} has to do. Real time passes, but no case waits for a span. */
export function storeContract(name: string, createGround: () => StoreGround): void {
  describe(`${name} as a Store`, () => {
    let ground: StoreGround;
    let opened: OpenStore[];
    const context = { scheduler: new Scheduler(liveClock()) };

    beforeEach(() => {
      ground = createGround();
      opened = [];
    });

    afterEach(async () => {
      for (const open of opened) await open.close();
      await ground.clear?.();
    });

    async function open(host = 'host', store = ground.store): Promise<OpenStore> {
      const open = await store.open(host, context);
      opened.push(open);
      return open;
    }

    async function reopened(host = 'host'): Promise<Map<string, unknown>> {
      for (const open of opened.splice(0)) await open.close();
      return new Map((await open(host, ground.again())).read());
    }

    it('is empty at first', async () => {
      expect([...(await open()).read()]).toEqual([]);
    });

    it('keeps what was committed', async () => {
      await (
        await open()
      ).commit([
        ['a/job/x/1', { n: 1 }],
        ['a/job/x/2', [2]],
      ]);
      expect(await reopened()).toEqual(
        new Map<string, unknown>([
          ['a/job/x/1', { n: 1 }],
          ['a/job/x/2', [2]],
        ]),
      );
    });

    it('keeps any JSON, and keys of any characters that keys may have', async () => {
      const values = [
        null,
        true,
        false,
        0,
        -1.5,
        1e300,
        '',
        'ü€😀\u0000\uD800',
        [],
        {},
        { a: [{ b: null }] },
      ];
      const proto = JSON.parse('{"__proto__":{"a":1},"constructor":2}') as object;
      const batch = [...values, proto].map((value, n) => [`%C3%BC!~'()*/job/${'x'.repeat(400)}/${n}`, value]);
      await (await open()).commit(batch as never);
      const kept = await reopened();
      expect(kept.size).toBe(batch.length);
      for (const [key, value] of batch)
        expect(JSON.stringify(kept.get(key as string))).toBe(JSON.stringify(value));
    });

    it('replaces and removes', async () => {
      const store = await open();
      await store.commit([
        ['a', 1],
        ['b', 1],
      ]);
      await store.commit([
        ['a', 2],
        ['b', undefined],
        ['c', undefined],
      ]);
      expect(await reopened()).toEqual(new Map([['a', 2]]));
    });

    it('keeps batches in their order', async () => {
      const store = await open();
      for (let n = 0; n < 50; n++) await store.commit([['n', n]]);
      expect(await reopened()).toEqual(new Map([['n', 49]]));
    });

    it('takes large batches', async () => {
      const batch = Array.from({ length: 5000 }, (_, n) => [`k/${n}`, { text: 'x'.repeat(200), n }] as const);
      await (await open()).commit(batch);
      expect((await reopened()).size).toBe(5000);
    });

    it('takes a batch of nothing', async () => {
      await (await open()).commit([]);
      expect((await reopened()).size).toBe(0);
    });

    it('keeps the entries of hosts apart', async () => {
      await (await open('one')).commit([['a', 1]]);
      await (await open('two')).commit([['a', 2]]);
      await (await open('one/two', ground.store)).commit([['a', 3]]);
      expect(await reopened('one')).toEqual(new Map([['a', 1]]));
      expect(await reopened('two')).toEqual(new Map([['a', 2]]));
      expect(await reopened('one/two')).toEqual(new Map([['a', 3]]));
    });

    it('flushes what was committed', async () => {
      const store = await open();
      await store.commit([['a', 1]]);
      await store.flush();
      expect(await reopened()).toEqual(new Map([['a', 1]]));
    });

    it('refuses an earlier one once a host is opened again, and leaves what the later one has kept', async () => {
      const first = await open();
      await first.commit([['a', 1]]);
      const second = await open();
      expect(new Map(second.read())).toEqual(new Map([['a', 1]]));
      await expect(first.commit([['a', 2]])).rejects.toMatchObject({ code: 'store-fenced' });
      await second.commit([['b', 1]]);
      expect(await reopened()).toEqual(
        new Map([
          ['a', 1],
          ['b', 1],
        ]),
      );
    });

    it('refuses whoever comes under an earlier lease than has been seen, and leaves the one who has it', async () => {
      const { store } = ground;
      const under = async (fence: number) => {
        const open = await store.open('host', { ...context, fence });
        opened.push(open);
        return open;
      };
      await (await under(3)).commit([['a', 1]]);
      const present = await under(5);
      await expect(under(4)).rejects.toMatchObject({ code: 'store-fenced' });
      await expect(open()).rejects.toMatchObject({ code: 'store-fenced' });
      await present.commit([['a', 2]]);
      const later = await under(6);
      expect(new Map(later.read())).toEqual(new Map([['a', 2]]));
      await expect(present.commit([['a', 3]])).rejects.toMatchObject({ code: 'store-fenced' });
    });

    it('closes twice', async () => {
      const store = await open();
      await store.close();
      await store.close();
    });
  });
}
