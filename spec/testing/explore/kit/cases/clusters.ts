import { map } from 'rxjs';
import { defineAgent, topic } from 'rx-agent-kit';
import type { ExploreBody, ExploreOptions } from 'rx-agent-kit/testing';
import { z } from 'zod';
import type { KitCase } from '../KitCase';

const HOSTS = ['a', 'b', 'c'];
const LEASE = 2000;
/** The longest trouble, of which there may be two. */
const TROUBLE = 3000;
const LIVING = new Set(['setup', 'configured', 'start', 'ready', 'stopping', 'finish']);

/**
 * One agent on three hosts, of which one runs it at a time.
 *
 * @param runsOn whether it has to run on: where each message may be lost, all of them may
 */
const oneRuns =
  (runsOn: boolean): ExploreBody =>
  async ({ host, clock, always }) => {
    const one = defineAgent({
      name: 'one',
      singleton: { lease: LEASE },
      streams: ({ lifecycle: { start$ } }) => ({ start$ }),
    });
    const running = (): string[] =>
      HOSTS.filter((name) => LIVING.has(host(name).agents.get('one')?.state ?? ''));
    let since = 0;
    always(() => running().length <= 1 || fail(running()), 'one host runs it');
    if (runsOn)
      always(() => {
        if (running().length > 0) since = clock.now();
        return clock.now() - since <= 2 * (TROUBLE + LEASE) || fail([`nobody since ${since}`]);
      }, 'somebody runs it again soon');
    for (const name of HOSTS) void host(name).start(one);
    await clock.sleep('12s');
  };

/** An agent that counts in its state, which goes along with it. */
const stateGoesAlong: ExploreBody = async ({ host, clock, always, eventually }) => {
  const seen: number[] = [];
  const wrong: string[] = [];
  const counterAt = (at: string) =>
    defineAgent({
      name: 'counter',
      singleton: { lease: LEASE },
      state: z.object({ count: z.number().default(0) }),
      streams: ({ lifecycle, time, handle, state }) => ({
        counted$: lifecycle.start$.pipe(
          time.every('500ms', { durable: 'beat' }),
          handle.concat(
            async (_tick, run) => {
              const number = state.get().count + 1;
              await run.sleep('30ms');
              state.update(({ count }) => ({ count: count + 1 }));
              return { at, number, key: run.key };
            },
            { durable: 'jobs' },
          ),
        ),
      }),
    });
  const keys = new Set<string>();
  for (const name of HOSTS)
    host(name).outputs$.subscribe(({ value }) => {
      const { at, number, key } = value as { at: string; number: number; key: string };
      if (keys.has(key)) wrong.push(`${key} is settled again, by ${at}`);
      keys.add(key);
      if (seen.includes(number)) wrong.push(`${at} counts ${number} once more`);
      seen.push(number);
    });
  // It may be shown late: by a host that has stood still, when another one has counted on.
  always(() => wrong.length === 0 || fail(wrong), 'what is shown is kept, and nothing is kept twice');
  eventually(() => seen.length >= 2, 'it counts');
  for (const name of HOSTS) void host(name).start(counterAt(name));
  await clock.sleep('10s');
};

const order = topic('orders/:id', z.number(), { durable: true });
const ORDERS = 6;

/** Orders of a shop that one of the hosts runs, which are taken by a desk on each of two others. */
const ordersArrive =
  (singleton: boolean): ExploreBody =>
  async ({ host, clock, always, eventually }) => {
    const shop = defineAgent({
      name: 'shop',
      singleton: singleton && { lease: LEASE },
      streams: ({ lifecycle, time, bus }) => ({
        placed$: lifecycle.start$.pipe(
          time.every('300ms', { missed: 'burst' }),
          map(({ index }) => {
            if (index <= ORDERS) bus.publish(order.at({ id: `o${index % 2}` }), index);
          }),
        ),
      }),
    });
    const done: {
      readonly id: string | undefined;
      readonly value: number;
      readonly of: string | undefined;
    }[] = [];
    const desk = defineAgent({
      name: 'desk',
      streams: ({ bus, handle }) => ({
        taken$: bus.messages(order, { durable: 'desk' }).pipe(
          handle.merge(async ({ payload: value, origin }, { sleep }) => {
            await sleep('50ms');
            done.push({ id: origin?.id, value, of: origin?.sender });
          }),
        ),
      }),
    });
    // A message is known by its id: one that comes again is the same.
    always(() => {
      const values = new Map<string | undefined, number>();
      return done.every(({ id, value }) => (values.get(id) ?? value) === value && values.set(id, value));
    }, 'an id is that of one message');
    if (singleton)
      always(() => {
        const senders = done.map(({ of }) => of).filter((of, n, all) => of !== all[n - 1]);
        // Of the two topics each is in its order: who had the lease before may be heard of on the other one still.
        return senders.length <= 2 * HOSTS.length;
      }, 'one host after the other is heard');
    eventually(
      () =>
        singleton ||
        Array.from({ length: ORDERS }, (_, n) => n + 1).every((n) => done.some(({ value }) => value === n)),
      'no order is lost',
    );
    for (const name of ['b', 'c']) await host(name).start(desk);
    for (const name of singleton ? ['a', 'd'] : ['a']) await host(name).start(shop);
    await clock.sleep('1m');
  };

const photo = topic('photos', z.number());

/** Photos that two hosts of a group share: each is done once at most, and once where nothing is lost. */
const photosAreShared: ExploreBody = async ({ host, start, clock, always, eventually }) => {
  const done: number[] = [];
  const resizer = defineAgent({
    name: 'resizer',
    group: 'workers',
    streams: ({ bus }) => ({ done$: bus.messages(photo).pipe(map(({ payload }) => done.push(payload))) }),
  });
  always(() => new Set(done).size === done.length, 'each is done once at most');
  eventually(() => done.length === ORDERS, 'each is done');
  for (const name of ['b', 'c']) await host(name).start(resizer);
  start(
    defineAgent({
      name: 'camera',
      streams: ({ lifecycle, time, bus }) => ({
        taken$: lifecycle.start$.pipe(
          time.every('20ms', { missed: 'burst' }),
          map(({ index }) => {
            if (index <= ORDERS) bus.publish(photo, index);
          }),
        ),
      }),
    }),
  );
  await clock.sleep('1s');
};

function fail(what: readonly string[]): never {
  throw new Error(what.join(', '));
}

const troubles: ExploreOptions = {
  // A run of these is long: three hosts that look for a lease all the time.
  runs: 40,
  network: { latency: '0..40ms' },
  disturb: { most: 2, partition: '0..3s', crash: '0..3s' },
};

export const clusters: readonly KitCase[] = [
  {
    name: 'One host runs a singleton, and runs on, whatever is late, cut off or dead',
    body: oneRuns(true),
    options: troubles,
  },
  {
    name: 'No two hosts run a singleton, whatever is lost',
    body: oneRuns(false),
    options: { ...troubles, network: { latency: '0..40ms', loss: 0.02 } },
  },
  {
    name: 'What is durable in a singleton goes along, whatever stands still, is cut off or dead',
    body: stateGoesAlong,
    options: {
      ...troubles,
      disturb: { most: 2, partition: '0..3s', crash: '0..3s', stall: '0..3s' },
      crashes: { most: 1, down: '0..3s' },
      faults: { most: 1, commits: true },
    },
  },
  {
    name: 'No message of a durable topic is lost, whatever is late, cut off or stalled',
    body: ordersArrive(false),
    options: {
      runs: 40,
      // Where each delivery may be lost, all ten of one message may: then it is dead, and told.
      network: { latency: '0..40ms' },
      // The shop itself is no durable part: it is left alone.
      disturb: { most: 2, partition: '0..12s', stall: '0..12s' },
    },
  },
  {
    name: 'What a singleton publishes on durable topics is its own, whatever is late, cut off, stalled or dead',
    body: ordersArrive(true),
    options: { ...troubles, disturb: { most: 3, partition: '0..3s', stall: '0..5s', crash: '0..3s' } },
  },
  {
    name: 'The hosts of a group do each message once',
    body: photosAreShared,
    options: { runs: 100, network: { latency: '0..50ms' }, stall: '0..10ms' },
  },
];
