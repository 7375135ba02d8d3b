import {
  createHost,
  defineAgent,
  memoryStore,
  silentLog,
  type AgentError,
  type DurableOptions,
  type Handler,
  type Host,
  type HandlerOptions,
  type MemoryStore,
  type Policy,
  type QueueOptions,
  type TriggerOptions,
} from 'rx-agent-kit';
import { Subject } from 'rxjs';
import { z } from 'zod';

type Options = HandlerOptions & TriggerOptions<number> & DurableOptions<number> & QueueOptions;

describe('a durable handler', () => {
  let store: MemoryStore;
  let hosts: Host[];
  let triggers$: Subject<number>;

  beforeEach(() => {
    store = memoryStore();
    hosts = [];
    triggers$ = new Subject();
  });

  afterEach(() => Promise.all(hosts.map((host) => host.stop())));

  /** A life: a host that takes over from the one before, which is not stopped, as after a crash. */
  async function live(
    handler: Handler<number, unknown>,
    { policy = 'concat', ...options }: Partial<Options> & { policy?: Policy } = {},
  ) {
    triggers$ = new Subject();
    const host = createHost({ store, log: silentLog, stopTimeout: 0 });
    hosts.push(host);
    const values: unknown[] = [];
    const errors: AgentError[] = [];
    host.outputs$.subscribe(({ value }) => values.push(value));
    host.errors$.subscribe((error) => errors.push(error));
    const mine$ = triggers$;
    await host.start(
      defineAgent({
        name: 'shop',
        streams: ({ handle }) => ({
          done$: mine$.pipe(handle[policy](handler, { durable: 'orders', ...options })),
        }),
      }),
    );
    return { host, values, errors };
  }

  const never = () => new Promise<never>(() => {});
  const jobs = (kind = 'job') =>
    [...store.entries()].filter(([key]) => key.startsWith(`shop/${kind}/orders/`));

  it('runs a job once it is kept, and forgets it when it has settled', async () => {
    const seen: unknown[] = [];
    const { host, values } = await live(async (order) => {
      seen.push(jobs().map(([, value]) => value));
      return order * 10;
    });
    triggers$.next(1);
    expect(seen).toEqual([]);
    await host.kept();
    await host.kept();
    expect(seen).toEqual([[[[1], 1]]]);
    expect(values).toEqual([10]);
    expect(jobs()).toEqual([]);
  });

  it('runs what was open again, in its order, before what is new, and counts the attempts on', async () => {
    const first: number[] = [];
    const { host } = await live((order) => {
      first.push(order);
      return never();
    });
    for (const order of [1, 2, 3]) triggers$.next(order);
    await host.kept();
    expect(first).toEqual([1]);

    const second: unknown[] = [];
    const { host: again } = await live(async (order, { attempt }) => void second.push([order, attempt]));
    triggers$.next(4);
    for (let n = 0; n < 4; n++) await again.kept();
    expect(second).toEqual([
      [1, 2],
      [2, 1],
      [3, 1],
      [4, 1],
    ]);
    expect(jobs()).toEqual([]);
  });

  it.each(['concat', 'merge'] as const)('keeps %s jobs through a stop, which is no crash', async (policy) => {
    const { host } = await live(never, { policy });
    triggers$.next(1);
    triggers$.next(2);
    await host.kept();
    await host.stop();
    const seen: number[] = [];
    const { host: again } = await live(async (order) => void seen.push(order), { policy });
    await again.kept();
    expect(seen).toEqual([1, 2]);
  });

  it('forgets a job that a switch has superseded', async () => {
    const { host } = await live(never, { policy: 'switch' });
    triggers$.next(1);
    triggers$.next(2);
    await host.kept();
    expect(jobs()).toHaveLength(1);
    const seen: number[] = [];
    const { host: again } = await live(async (order) => void seen.push(order), { policy: 'switch' });
    await again.kept();
    expect(seen).toEqual([2]);
  });

  it('takes no job for a trigger that exhaust leaves out', async () => {
    const { host } = await live(never, { policy: 'exhaust' });
    triggers$.next(1);
    triggers$.next(2);
    await host.kept();
    expect(jobs()).toHaveLength(1);
  });

  it('keeps jobs by key, each key in its order', async () => {
    const key = (order: number) => order % 2;
    const { host } = await live(never, { key });
    for (const order of [1, 2, 3, 4]) triggers$.next(order);
    await host.kept();
    const seen: string[] = [];
    const { host: again } = await live(
      async (order, { attempt }) => {
        seen.push(`${order}#${attempt}`);
      },
      { key },
    );
    await again.kept();
    expect(seen).toEqual(['1#2', '2#2', '3#1', '4#1']);
  });

  it('restores more jobs than its buffer has room for', async () => {
    const { host } = await live(never, { policy: 'merge' });
    for (let order = 0; order < 1500; order++) triggers$.next(order);
    await host.kept();
    const seen: number[] = [];
    const { host: again } = await live(async (order) => void seen.push(order), { buffer: 3 });
    await again.kept();
    expect(seen).toEqual(Array.from({ length: 1500 }, (_, n) => n));
    expect(jobs()).toEqual([]);
  });

  it('runs all that were open, one after the other, where its policy is exhaust by now', async () => {
    const { host } = await live(never, { policy: 'merge' });
    for (const order of [1, 2, 3]) triggers$.next(order);
    await host.kept();
    const seen: number[] = [];
    const { host: again } = await live(async (order) => void seen.push(order), { policy: 'exhaust' });
    await again.kept();
    expect(seen).toEqual([1, 2, 3]);
    expect(jobs()).toEqual([]);
  });

  it('buries a job that has failed for good, with its error, and tells of it', async () => {
    const { host, errors } = await live(
      async (order) => {
        throw new Error(`no ${order}`);
      },
      { retry: { count: 1, backoff: 0 } },
    );
    triggers$.next(1);
    await host.kept();
    await new Promise((resolve) => setTimeout(resolve, 5));
    await host.kept();
    expect(errors.map(({ code }) => code)).toEqual(['handler-failed']);
    expect(jobs()).toEqual([]);
    expect(jobs('dead').map(([, value]) => value)).toEqual([
      expect.objectContaining({ trigger: [1], attempts: 2, error: { name: 'Error', message: 'no 1' } }),
    ]);
  });

  it('goes on with the retries where they were', async () => {
    const { host } = await live(
      async () => {
        throw new Error('no');
      },
      { retry: { count: 3, backoff: '1h' } },
    );
    triggers$.next(1);
    await host.kept();
    const attempts: number[] = [];
    const { host: again, errors } = await live(
      async (_order, { attempt }) => {
        attempts.push(attempt);
        throw new Error('no');
      },
      { retry: { count: 1, backoff: '1h' } },
    );
    await again.kept();
    expect(attempts).toEqual([2]);
    expect(errors).toHaveLength(1);
  });

  it.each([
    ['a Map', new Map()],
    ['a function', () => undefined],
    ['NaN', NaN],
    ['what contains itself', Object.assign([], { 0: undefined })],
  ])('refuses a trigger that is %s, and takes the next one', async (_what, trigger) => {
    const seen: unknown[] = [];
    const { host, errors } = await live(async (order) => void seen.push(order));
    triggers$.next(trigger as never);
    triggers$.next(2);
    await host.kept();
    expect(seen).toEqual([2]);
    expect(errors).toEqual([
      expect.objectContaining({
        code: 'handler-failed',
        cause: expect.objectContaining({ code: 'cannot-keep' }),
      }),
    ]);
  });

  it('hands the handler what is kept, at the first attempt already', async () => {
    const given = { at: [1] };
    let seen: unknown;
    const { host } = await live(async (order) => void (seen = order));
    triggers$.next(given as never);
    given.at.push(2);
    await host.kept();
    expect(seen).toEqual({ at: [1] });
    expect(Object.isFrozen(seen)).toBe(true);
  });

  it('keeps nothing at all as nothing at all', async () => {
    const { host } = await live(never);
    triggers$.next(undefined as never);
    await host.kept();
    let seen: unknown = 'nothing came';
    const { host: again } = await live(async (order) => void (seen = order));
    await again.kept();
    expect(seen).toBeUndefined();
  });

  it('writes and reads triggers by a codec', async () => {
    const schema = z.codec(z.string(), z.date(), {
      decode: (text) => new Date(text),
      encode: (date) => date.toISOString(),
    });
    const options = { schema } as never;
    const { host } = await live(never, options);
    triggers$.next(new Date(5) as never);
    await host.kept();
    expect(jobs().map(([, value]) => value)).toEqual([[['1970-01-01T00:00:00.005Z'], 1]]);
    let seen: unknown;
    const { host: again } = await live(async (order) => void (seen = order), options);
    await again.kept();
    expect(seen).toEqual(new Date(5));
  });

  it('buries what its schema does not take any more, and tells of it', async () => {
    const { host } = await live(never);
    triggers$.next(1);
    triggers$.next(2);
    await host.kept();
    const seen: unknown[] = [];
    const { host: again, errors } = await live(async (order) => void seen.push(order), {
      schema: z.number().min(2),
    });
    await again.kept();
    expect(seen).toEqual([2]);
    expect(errors.map(({ code }) => code)).toEqual(['kept-unreadable']);
    expect(jobs('dead')).toHaveLength(1);
  });

  it('takes what start$ brings once, and not again at each start', async () => {
    const seen: unknown[] = [];
    for (let life = 1; life <= 3; life++) {
      const host = createHost({ store, log: silentLog });
      await host.start(
        defineAgent({
          name: 'boot',
          streams: ({ lifecycle, handle }) => ({
            x$: lifecycle.start$.pipe(handle.concat(async () => void seen.push(life), { durable: 'boot' })),
          }),
        }),
      );
      await host.kept();
      await host.stop();
    }
    expect(seen).toEqual([1]);
  });

  it('refuses a second part of the same name, and a name without end', async () => {
    const host = createHost({ store, log: silentLog });
    hosts.push(host);
    const twice = defineAgent({
      name: 'twice',
      streams: ({ handle }) => ({
        a$: triggers$.pipe(handle.concat(never, { durable: 'same' })),
        b$: triggers$.pipe(handle.concat(never, { durable: 'same' })),
      }),
    });
    await expect(host.start(twice)).rejects.toMatchObject({ code: 'duplicate-durable' });
    for (const durable of ['', 'x'.repeat(1000)])
      await expect(
        host.start(
          defineAgent({
            name: 'long',
            streams: ({ handle }) => ({ a$: triggers$.pipe(handle.concat(never, { durable })) }),
          }),
        ),
      ).rejects.toMatchObject({ code: 'bad-option' });
  });

  it('refuses the start on a host without a store', async () => {
    const host = createHost({ log: silentLog });
    hosts.push(host);
    const durable = defineAgent({
      name: 'shop',
      streams: ({ handle }) => ({ a$: triggers$.pipe(handle.merge(never, { durable: 'orders' })) }),
    });
    await expect(host.start(durable)).rejects.toMatchObject({
      code: 'no-store',
      message: expect.stringMatching(/shop: 'orders' is durable.*createHost\(\{ store: /),
    });
  });

  it('has the same key in each attempt, and another one for each job', async () => {
    const keys: string[] = [];
    const take = (order: number, key: string) => keys.push(`${order} ${key}`);
    const { host } = await live(
      (order, { key }) => {
        take(order, key);
        return never();
      },
      { policy: 'merge' },
    );
    triggers$.next(1);
    triggers$.next(2);
    await host.kept();
    const { host: again } = await live(async (order, { key }) => void take(order, key));
    await again.kept();
    triggers$.next(3);
    await again.kept();
    await again.kept();
    expect(keys.slice(2, 4)).toEqual(keys.slice(0, 2));
    expect(new Set(keys.map((key) => key.split(' ')[1])).size).toBe(3);
  });
});
