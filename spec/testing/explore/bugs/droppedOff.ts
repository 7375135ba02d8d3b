// Commands to a heater wait in a short queue, and one that finds it full is left out. When the heater is slow, that is
// the last one: the one that switches it off.
import { defineAgent, type Overflow, procedure, topic } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import { z } from 'zod';
import type { SeededBug } from './support/SeededBug';

const command = topic('heater/command', z.number());
const write = procedure('heater/write', { input: z.number(), output: z.number() });

const heaterThat = (heater: { kW: number }) =>
  defineAgent({
    name: 'heater',
    streams: ({ bus }) => ({
      writes$: bus.serve(write, async (kW, { sleep }) => {
        await sleep('50ms');
        return (heater.kW = kW);
      }),
    }),
  });

const controllerWith = (overflow: Overflow) =>
  defineAgent({
    name: 'controller',
    needs: ['heater'],
    streams: ({ bus, handle }) => ({
      set$: bus
        .messages(command)
        .pipe(handle.concat(async ({ payload }, { call }) => call(write, payload), { buffer: 2, overflow })),
    }),
  });

const breaks = 'the heater is off at the end';

const story =
  (overflow: Overflow): ExploreBody =>
  async ({ host, bus, clock, eventually }) => {
    const heater = { kW: 0 };
    eventually(() => heater.kW === 0, breaks);
    await host.startAll([heaterThat(heater), controllerWith(overflow)]);
    for (const kW of [1, 2, 3, 0]) {
      bus.publish(command, kW);
      await clock.sleep('100ms');
    }
  };

export const droppedOff: SeededBug = {
  name: 'queue that drops the one that counts',
  breaks,
  wrong: story('drop-newest'),
  right: story('drop-oldest'),
  options: { latency: { calls: '0..300ms' } },
};
