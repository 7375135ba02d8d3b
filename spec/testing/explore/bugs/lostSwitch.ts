// A thermostat writes each new setpoint to its valve and, with the same switch, a sign of life each second: the sign of
// life aborts a write that is still on its way, and the last setpoint is never there.
import { map, merge } from 'rxjs';
import { defineAgent, procedure, topic } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import { z } from 'zod';
import type { SeededBug } from './support/SeededBug';

const setpoint = topic('rooms/hall/setpoint', z.number());
const write = procedure('valve/write', { input: z.number(), output: z.number() });
const ping = procedure('valve/ping', { input: z.null(), output: z.null() });

const valveThat = (valve: { celsius: number }) =>
  defineAgent({
    name: 'valve',
    streams: ({ bus }) => ({
      pings$: bus.serve(ping, async () => null),
      writes$: bus.serve(write, async (celsius, { sleep }) => {
        await sleep('100ms'); // it turns slowly
        return (valve.celsius = celsius);
      }),
    }),
  });

const hasty = defineAgent({
  name: 'thermostat',
  needs: ['valve'],
  streams: ({ lifecycle, time, bus, handle }) => ({
    done$: merge(
      bus.messages(setpoint).pipe(map(({ payload }) => payload)),
      lifecycle.start$.pipe(
        time.every('1s'),
        map(() => undefined),
      ),
    ).pipe(
      handle.switch(async (celsius, { call }) =>
        celsius === undefined ? call(ping, null) : call(write, celsius),
      ),
    ),
  }),
});

const patient = defineAgent({
  name: 'thermostat',
  needs: ['valve'],
  streams: ({ lifecycle, time, bus, handle }) => ({
    done$: bus.messages(setpoint).pipe(handle.switch(async ({ payload }, { call }) => call(write, payload))),
    alive$: lifecycle.start$.pipe(
      time.every('1s'),
      handle.switch(async (_tick, { call }) => call(ping, null)),
    ),
  }),
});

const breaks = 'the last setpoint is what the valve has';

const story =
  (thermostat: typeof hasty | typeof patient): ExploreBody =>
  async ({ host, bus, clock, eventually }) => {
    const valve = { celsius: 18 };
    eventually(() => valve.celsius === 21, breaks);
    await host.startAll([valveThat(valve), thermostat]);
    for (const celsius of [20, 21]) {
      await clock.sleep('400ms');
      bus.publish(setpoint, celsius);
    }
    await clock.sleep('3s');
  };

export const lostSwitch: SeededBug = {
  name: 'switch that loses the last',
  breaks,
  wrong: story(hasty),
  right: story(patient),
  options: { latency: '0..400ms' },
};
