import { defineAgent, type AgentHandle } from 'rx-agent-kit';
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
      HOSTS.filter((name) =>
        LIVING.has((host(name).agents.get('one') as AgentHandle | undefined)?.state ?? ''),
      );
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
  always(() => wrong.length === 0 || fail(wrong), 'what is shown is kept, and nothing is kept twice');
  always(
    () => seen.every((number, index) => index === 0 || number > seen[index - 1]!) || fail(seen.map(String)),
    'counts grow',
  );
  eventually(() => seen.length >= 2, 'it counts');
  for (const name of HOSTS) void host(name).start(counterAt(name));
  await clock.sleep('10s');
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
];
