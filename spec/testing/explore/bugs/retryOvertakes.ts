// Each setpoint is written beside the others, and tried again when the line was busy: an older one that is tried again
// comes after a newer one that went through at once, and is what the inverter has from then on.
import { defineAgent, procedure, topic } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import { z } from 'zod';
import type { SeededBug } from './support/SeededBug';

const setpoint = topic('inverter/setpoint', z.number());
const write = procedure('inverter/write', { input: z.number(), output: z.number() });

const inverterOf = (written: number[], transmit: () => void) =>
  defineAgent({
    name: 'inverter',
    streams: ({ bus }) => ({
      writes$: bus.serve(write, async (kW) => {
        transmit();
        written.push(kW);
        return kW;
      }),
    }),
  });

const controllerThat = (policy: 'merge' | 'switch') =>
  defineAgent({
    name: 'controller',
    needs: ['inverter'],
    streams: ({ bus, handle }) => ({
      set$: bus.messages(setpoint).pipe(
        handle[policy](async ({ payload: kW }, { call }) => call(write, kW), {
          retry: { count: 3, backoff: '1s' },
        }),
      ),
    }),
  });

const breaks = 'no older setpoint comes after a newer one';

const story =
  (policy: 'merge' | 'switch'): ExploreBody =>
  async ({ host, bus, clock, always, fault }) => {
    const written: number[] = [];
    always(() => written.every((kW, index) => kW >= (written[index - 1] ?? 0)), breaks);
    await host.startAll([inverterOf(written, () => fault('the line is busy')), controllerThat(policy)]);
    for (const kW of [3, 5, 8]) {
      bus.publish(setpoint, kW);
      await clock.sleep('700ms');
    }
  };

export const retryOvertakes: SeededBug = {
  name: 'retry that overtakes',
  breaks,
  wrong: story('merge'),
  right: story('switch'),
  options: { faults: { most: 2 } },
};
