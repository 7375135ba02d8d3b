// A car that is called off gives its power back, by a listener to the abort of its run, which is added before the power
// is taken: when it is called off before that, it gives back what it never had.
import { filter } from 'rxjs';
import { defineAgent, procedure, type Run, topic } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import { z } from 'zod';
import type { SeededBug } from './support/SeededBug';

const plugged = topic('garage/plugged', z.string());
const unplugged = topic('garage/unplugged', z.string());
const authorize = procedure('backend/authorize', { input: z.string(), output: z.number() });

interface Grid {
  free: number;
}

const backend = defineAgent({
  name: 'backend',
  streams: ({ bus }) => ({ authorized$: bus.serve(authorize, async () => 11) }),
});

/** Takes power for a car, keeps it for an hour, and gives it back. */
type Charge = (grid: Grid, car: string, run: Run) => Promise<void>;

const withListener: Charge = async (grid, car, { signal, call, sleep }) => {
  signal.addEventListener('abort', () => (grid.free += 11));
  const kW = await call(authorize, car);
  grid.free -= kW;
  await sleep('1h');
  grid.free += 11;
};

const withFinally: Charge = async (grid, car, { call, sleep }) => {
  const kW = await call(authorize, car);
  grid.free -= kW;
  try {
    await sleep('1h');
  } finally {
    grid.free += kW;
  }
};

const garageThat = (grid: Grid, charge: Charge) =>
  defineAgent({
    name: 'garage',
    needs: ['backend'],
    streams: ({ bus, handle }) => ({
      charged$: bus.messages(plugged).pipe(
        handle.merge(async ({ payload: car }, run) => charge(grid, car, run), {
          until: ({ payload: car }) => bus.messages(unplugged).pipe(filter(({ payload }) => payload === car)),
        }),
      ),
    }),
  });

const breaks = 'nobody gives back what was never taken';

const story =
  (charge: Charge): ExploreBody =>
  async ({ host, bus, clock, always, eventually }) => {
    const grid: Grid = { free: 11 };
    always(() => grid.free <= 11, breaks);
    eventually(() => grid.free === 11, 'all power is given back');
    await host.startAll([backend, garageThat(grid, charge)]);
    bus.publish(plugged, 'c1');
    await clock.sleep('500ms');
    bus.publish(unplugged, 'c1');
  };

export const undoneTwice: SeededBug = {
  name: 'abort listener that undoes too much',
  breaks,
  wrong: story(withListener),
  right: story(withFinally),
  options: { latency: { calls: '0..500ms' } },
};
