import { type AgentHandle, group, type RestartOptions, type Strategy } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import type { KitCase } from '../KitCase';
import { Lives, living } from './Lives';

const restart: RestartOptions = {
  max: 20,
  within: '1h',
  backoff: { from: 10, to: 10, factor: 1, jitter: 0 },
};
const NAMES = ['a', 'b', 'c'];
const NEEDS: Readonly<Record<string, readonly string[]>> = { b: ['a'], c: ['b'] };

/** How long something takes: no turn at all, a turn, or so many ms. */
const SPANS = [0, undefined, 3, 10];

const groupOf =
  (
    strategy: Strategy,
    needs: Readonly<Record<string, readonly string[]>>,
    ends: readonly string[],
  ): ExploreBody =>
  async ({ host, clock, always, eventually, choose }) => {
    const chain = (name: string): readonly string[] =>
      strategy === 'rest-for-one' ? NAMES.slice(0, NAMES.indexOf(name)).slice(-1) : [];
    // Who has been stopped by hand ends in no order, and others of a chain go by the one before it.
    const order = ends.length > 1 ? undefined : (name: string) => [...(needs[name] ?? []), ...chain(name)];
    const lives = new Lives(host, strategy === 'one-for-one' ? undefined : order);
    const some = (what: string) => SPANS[choose(SPANS.length, what)];
    const agents = NAMES.map((name) =>
      living(lives, name, needs[name] ?? [], () => ({
        readyIn: some(`how long ${name} takes to be ready`),
        stopIn: some(`how long ${name} takes to stop`),
      })),
    );
    always(() => lives.wrong.length === 0 || fail(lives.wrong), 'lives are in their order');
    let handles: readonly AgentHandle[] = [];
    eventually(
      () =>
        handles.every(({ state }) => ends.includes(state)) ||
        fail(handles.map(({ name, state }) => `${name} ${state}`)),
      `in the end each is ${ends.join(' or ')}`,
    );
    const all = group({ name: 'g', strategy, restart, agents });
    await host.startAll([all]).then(
      ([started]) => (handles = started),
      () => undefined,
    );
    await clock.sleep(40);
  };

function fail(what: readonly string[]): never {
  throw new Error(what.join(', '));
}

const STRATEGIES: readonly Strategy[] = ['one-for-one', 'rest-for-one', 'one-for-all'];

export const supervision: readonly KitCase[] = STRATEGIES.flatMap((strategy) =>
  [{}, NEEDS].flatMap((needs) => {
    const name = `${strategy}${needs === NEEDS ? ' with needs' : ''}`;
    return [
      {
        name: `${name}, of which some fail`,
        body: groupOf(strategy, needs, ['ready']),
        options: { disturb: { most: 3, restart: true as const }, stall: '0..5ms' },
      },
      {
        name: `${name}, of which some fail or are stopped by hand`,
        body: groupOf(strategy, needs, ['ready', 'stopped', 'failed']),
        options: { disturb: { most: 3, restart: true as const, stop: true as const } },
      },
    ];
  }),
);
