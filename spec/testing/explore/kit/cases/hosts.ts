import type { AgentHandle } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import type { KitCase } from '../KitCase';
import { Lives, living } from './Lives';

/** a and b side by side, c behind both, d behind c. */
const NEEDS: Readonly<Record<string, readonly string[]>> = { c: ['a', 'b'], d: ['c'] };

const SPANS = [0, undefined, 3, 10];

const startAndStop =
  (isOrdered: boolean): ExploreBody =>
  async ({ host, clock, always, eventually, choose, fault }) => {
    const lives = new Lives(host);
    const some = (what: string) => SPANS[choose(SPANS.length, what)];
    const agents = ['d', 'c', 'a', 'b'].map((name) =>
      living(lives, name, NEEDS[name] ?? [], () => {
        fault(`the set-up of ${name}`);
        return {
          readyIn: some(`how long ${name} takes to be ready`),
          stopIn: some(`how long ${name} takes to stop`),
        };
      }),
    );
    always(() => lives.wrong.length === 0 || fail(lives.wrong), 'lives are in their order');
    let outcome = 'none';
    let handles: readonly AgentHandle[] = [];
    void host.startAll(agents).then(
      (started) => {
        outcome = 'started';
        handles = started;
      },
      () => (outcome = 'refused'),
    );
    await clock.sleep(choose(40, 'the stop comes after so many ms'));
    const { left } = await host.stop();
    eventually(() => left.length === 0, 'a stop leaves nothing');
    eventually(() => outcome !== 'none', 'a start of all comes to an end');
    eventually(
      () => handles.every(({ state }) => state === 'stopped' || state === 'failed'),
      'all have stopped',
    );
    eventually(() => host.agents.size === 0, 'no agent is left in the host');
    if (!isOrdered) return;
    eventually(() => {
      const stops = lives.log.filter((line) => line.endsWith('stop')).map((line) => line.charAt(0));
      return Object.entries(NEEDS).every(([name, needs]) =>
        needs.every(
          (need) =>
            !stops.includes(name) || !stops.includes(need) || stops.indexOf(name) < stops.indexOf(need),
        ),
      );
    }, 'each stops before those that it needs');
  };

function fail(what: readonly string[]): never {
  throw new Error(what.join(', '));
}

export const hosts: readonly KitCase[] = [
  { name: 'startAll and stop', body: startAndStop(true), options: { stall: '0..5ms' } },
  {
    name: 'startAll and stop, while agents are stopped by hand or fail',
    body: startAndStop(false),
    options: { disturb: { most: 2, stop: true, restart: true }, faults: 1 },
  },
];
