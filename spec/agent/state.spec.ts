import { createHost, defineAgent, memoryStore, silentLog, type MemoryStore } from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';
import { Subject } from 'rxjs';
import { z } from 'zod';

const counter = (clicks$: Subject<number>) =>
  defineAgent({
    name: 'counter',
    state: z.object({ count: z.number().default(0) }),
    streams: ({ lifecycle, handle, state }) => ({
      count$: state.state$,
      started$: lifecycle.start$.pipe(handle.concat(async () => state.get().count)),
      clicked$: clicks$.pipe(
        handle.concat(async (by) => {
          state.update(({ count }) => ({ count: count + by }));
        }),
      ),
    }),
  });

describe('state of an agent', () => {
  let clicks$: Subject<number>;
  let store: MemoryStore;
  const hostOn = (name = 'host') => createHost({ store, name, log: silentLog });

  beforeEach(() => {
    clicks$ = new Subject();
    store = memoryStore();
  });

  it(
    'has its defaults at first',
    marbleTest(({ start, expectObservable }) => {
      const { streams } = start(counter(new Subject()));
      expectObservable(streams.count$).toBe('a', { a: { count: 0 } });
      expectObservable(streams.started$).toBe('a', { a: 0 });
    }),
  );

  it('is what was set last in the life before, from right before start$ on', async () => {
    const host = hostOn();
    await host.start(counter(clicks$));
    clicks$.next(2);
    clicks$.next(3);
    await host.kept();
    await host.stop();
    const again = hostOn();
    const seen: unknown[] = [];
    again.outputs$.subscribe(({ stream, value }) => seen.push([stream, value]));
    await again.start(counter(clicks$));
    await again.kept();
    expect(seen).toEqual([
      ['count$', { count: 5 }],
      ['started$', 5],
    ]);
    await again.stop();
  });

  it('is kept with the last turn, also when the host is stopped at once', async () => {
    const host = hostOn();
    await host.start(counter(clicks$));
    clicks$.next(7);
    await host.stop();
    expect([...store.entries().values()]).toContainEqual([1, [{ count: 7 }]]);
  });

  it(
    'refuses what does not fit its schema, and stays as it was',
    marbleTest(async ({ start, host, clock }) => {
      const errors: unknown[] = [];
      host.errors$.subscribe(({ message }) => errors.push(message));
      const agent = start(
        defineAgent({
          name: 'strict',
          state: z.object({ name: z.string().default('a') }),
          streams: ({ lifecycle, handle, state }) => ({
            done$: lifecycle.start$.pipe(
              handle.concat(async () => {
                state.set({ name: 1 as unknown as string });
              }),
            ),
            still$: state.state$,
          }),
        }),
      );
      const seen: unknown[] = [];
      agent.streams.still$.subscribe((value) => seen.push(value));
      await clock.sleep(1);
      expect(errors).toEqual([expect.stringMatching(/its state.*name.*string/s)]);
      expect(seen).toEqual([{ name: 'a' }]);
    }),
  );

  it(
    'cannot be changed in place',
    marbleTest(async ({ start, clock }) => {
      let thrown: unknown;
      start(
        defineAgent({
          name: 'frozen',
          state: z.object({ list: z.array(z.number()).default([]) }),
          streams: ({ lifecycle, state }) => {
            lifecycle.start$.subscribe(() => {
              try {
                state.get().list.push(1);
              } catch (error) {
                thrown = error;
              }
            });
            return {};
          },
        }),
      );
      await clock.sleep(1);
      expect(thrown).toBeInstanceOf(TypeError);
    }),
  );

  it('is not there before the start', async () => {
    const early = defineAgent({
      name: 'early',
      state: z.object({ n: z.number().default(0) }),
      streams: ({ state }) => {
        state.get();
        return {};
      },
    });
    await expect(hostOn().start(early)).rejects.toMatchObject({ code: 'state-not-ready' });
  });

  it('refuses the start on a host without a store, with the line to write', async () => {
    const host = createHost({ log: silentLog });
    await expect(host.start(counter(clicks$))).rejects.toMatchObject({
      code: 'no-store',
      message: expect.stringContaining('createHost({ store:'),
    });
    expect(host.agents.size).toBe(0);
    await host.stop();
  });

  it('tells an agent that has none what to write', async () => {
    const none = defineAgent({
      name: 'none',
      streams: ({ state }) => {
        state.get();
        return {};
      },
    });
    await expect(hostOn().start(none)).rejects.toMatchObject({ code: 'bad-definition' });
  });

  describe('of another version', () => {
    const versioned = (stateVersion: number, migrate?: (old: unknown, version: number) => unknown) =>
      defineAgent({
        name: 'versioned',
        state: z.object({ cents: z.number().default(0) }),
        stateVersion,
        ...(migrate && { migrate }),
        streams: ({ state }) => ({ state$: state.state$ }),
      });
    const older = defineAgent({
      name: 'versioned',
      state: z.object({ euros: z.number().default(1) }),
      streams: ({ lifecycle, state }) => {
        lifecycle.start$.subscribe(() => state.set({ euros: 3 }));
        return {};
      },
    });

    beforeEach(async () => {
      const host = hostOn();
      await host.start(older);
      await host.stop();
    });

    it('is migrated, once', async () => {
      const calls: unknown[] = [];
      const migrate = (old: unknown, version: number) => {
        calls.push([old, version]);
        return { cents: (old as { euros: number }).euros * 100 };
      };
      for (let n = 0; n < 2; n++) {
        const host = hostOn();
        const seen: unknown[] = [];
        host.outputs$.subscribe(({ value }) => seen.push(value));
        await host.start(versioned(2, migrate));
        await host.kept();
        expect(seen).toEqual([{ cents: 300 }]);
        await host.stop();
      }
      expect(calls).toEqual([[{ euros: 3 }, 1]]);
    });

    it('refuses the start when migrate throws or gives what does not fit, and stays as it is kept', async () => {
      for (const migrate of [
        () => {
          throw new Error('no way');
        },
        () => ({ cents: 'three' }),
      ]) {
        const before = new Map(store.entries());
        const host = hostOn();
        await expect(host.start(versioned(2, migrate))).rejects.toMatchObject({ code: 'bad-state' });
        await host.stop();
        expect(store.entries()).toEqual(before);
      }
    });
  });

  it('refuses the start when what is kept does not fit any more', async () => {
    const host = hostOn();
    await host.start(counter(clicks$));
    clicks$.next(1);
    await host.stop();
    const changed = defineAgent({
      name: 'counter',
      state: z.object({ count: z.string().default('') }),
      streams: ({ state }) => ({ s$: state.state$ }),
    });
    const again = hostOn();
    await expect(again.start(changed)).rejects.toMatchObject({ code: 'bad-state' });
    await again.stop();
  });

  it('knows codecs', async () => {
    const dated = defineAgent({
      name: 'dated',
      state: z.object({
        at: z
          .codec(z.iso.datetime(), z.date(), {
            decode: (text) => new Date(text),
            encode: (date) => date.toISOString(),
          })
          .default(new Date(0)),
      }),
      streams: ({ lifecycle, state }) => {
        lifecycle.start$.subscribe(() => {
          state.update(({ at }) => ({ at: new Date(at.getTime() + 1) }));
        });
        return { at$: state.state$ };
      },
    });
    for (const expected of [1, 2]) {
      const host = hostOn();
      const seen: unknown[] = [];
      host.outputs$.subscribe(({ value }) => seen.push(value));
      await host.start(dated);
      await host.stop();
      expect(seen.at(-1)).toEqual({ at: new Date(expected) });
    }
  });

  it('infers its type', () => {
    defineAgent({
      name: 'typed',
      state: z.object({ n: z.number().default(0) }),
      streams: ({ state }) => {
        const n: number = state.get().n;
        // @ts-expect-error -- n is a number
        state.set({ n: 'x' });
        // @ts-expect-error -- there is no m
        state.update(() => ({ m: n }));
        return {};
      },
    });
    // @ts-expect-error -- a state is an object
    expect(() => defineAgent({ name: 'bad', state: 1, streams: () => ({}) })).toThrow(/state: z.object/);
  });
});
