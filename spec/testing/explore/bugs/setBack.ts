// A counter shows the total that comes back for each car that it has counted in: a total that comes late sets it back
// to what it was some cars ago.
import { defineAgent, procedure, topic } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import { z } from 'zod';
import type { SeededBug } from './support/SeededBug';

const entered = topic('garage/entered', z.string());
const add = procedure('garage/add', { input: z.string(), output: z.number() });

const register = defineAgent({
  name: 'register',
  streams: ({ bus }) => {
    const cars = new Set<string>();
    return { added$: bus.serve(add, async (plate) => cars.add(plate).size) };
  },
});

const displayThat = (combine: (shown: number, total: number) => number) =>
  defineAgent({
    name: 'display',
    needs: ['register'],
    streams: ({ bus, handle }) => {
      let shown = 0;
      return {
        shown$: bus.messages(entered).pipe(
          handle.merge(async ({ payload: plate }, { call }) => {
            const total = await call(add, plate);
            return (shown = combine(shown, total));
          }),
        ),
      };
    },
  });

const breaks = 'the count never goes back';

const story =
  (combine: (shown: number, total: number) => number): ExploreBody =>
  async ({ host, bus, clock, always, eventually }) => {
    const shown: number[] = [];
    always(() => shown.every((count, index) => count >= (shown[index - 1] ?? 0)), breaks);
    eventually(() => shown.at(-1) === 3, 'each car is counted');
    await host.start(register);
    const display = await host.start(displayThat(combine));
    display.streams.shown$.subscribe((count) => shown.push(count));
    for (const plate of ['B-A 1', 'B-B 2', 'B-C 3']) {
      bus.publish(entered, plate);
      await clock.sleep('100ms');
    }
  };

export const setBack: SeededBug = {
  name: 'counter that a late reply sets back',
  breaks,
  wrong: story((_shown, total) => total),
  right: story(Math.max),
  options: { latency: { calls: '0..200ms' } },
};
