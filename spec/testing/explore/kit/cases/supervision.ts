import { type AgentHandle, group, type RestartOptions, type Strategy } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import type { KitCase } from '../KitCase';
import { Lives, living } from './Lives';

const restart: RestartOptions = {
  max: 20,
  within: '1h',
  backoff: { from: 10, to: 10, factor: 1, jitter: 0 },
};
const NEEDS: Readonly<Record<string, readonly string[]>> = { b: ['a'], c: ['b'] };

const groupOf =
  (
    strategy: Strategy,
    needs: Readonly<Record<string, readonly string[]>>,
    ends: readonly string[],
  ): ExploreBody =>
  async ({ host, clock, always, eventually, choose }) => {
    const lives = new Lives();
    const some = (what: string) => () => [0, 3, 10][choose(3, what)]!;
    const agents = ['a', 'b', 'c'].map((name) =>
      living(lives, name, {
        needs: needs[name] ?? [],
        isGone: (need) => !host.agents.has(need),
        readyIn: some(`how long ${name} takes to be ready`),
        stopIn: some(`how long ${name} takes to stop`),
      }),
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
