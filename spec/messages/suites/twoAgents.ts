import { type AgentError, defineAgent, procedure, topic } from 'rx-agent-kit';
import { map, tap } from 'rxjs';
import { z } from 'zod';

export const reading = topic(
  'rooms/:room/celsius',
  z.object({
    celsius: z.number(),
    at: z.codec(z.iso.datetime(), z.date(), {
      decode: (text) => new Date(text),
      encode: (date) => date.toISOString(),
    }),
  }),
);
export const target = topic('rooms/:room/target', z.number(), { retain: 'last' });
export const setpoint = procedure('thermostat/setpoint', {
  input: z.object({ room: z.string(), celsius: z.number() }),
  output: z.object({ room: z.string(), isSet: z.boolean() }),
});

/** Measures three times, and hears what it is to become. */
export const thermometer = defineAgent({
  name: 'thermometer',
  config: z.object({ room: z.string().default('r1.2') }),
  streams: ({ lifecycle, time, handle, bus, config }) => ({
    measured$: lifecycle.start$.pipe(
      // A busy machine leaves none out.
      time.every('20ms', { missed: 'burst' }),
      handle.concat(async ({ index }) => {
        const celsius = 18 + index;
        bus.publish(reading.at({ room: config.room }), { celsius, at: new Date(1_700_000_000_000 + index) });
        return celsius;
      }),
    ),
    target$: bus.messages(target.at({ room: config.room })).pipe(map(({ payload }) => payload)),
    set$: bus.serve(setpoint, async ({ room, celsius }, { sleep }) => {
      if (celsius > 30) throw Object.assign(new Error(`${celsius} is too hot`), { code: 'too-hot' });
      if (celsius < 0) await sleep('1h');
      bus.publish(target.at({ room }), celsius);
      return { room, isSet: true };
    }),
  }),
});

/** Reads what is measured, and asks for more. */
export const controller = defineAgent({
  name: 'controller',
  streams: ({ bus, handle, lifecycle }) => ({
    seen$: bus
      .messages(reading)
      .pipe(
        map(
          ({ params, payload }) =>
            `${params.room} ${payload.celsius} ${payload.at.getTime() - 1_700_000_000_000}`,
        ),
      ),
    asked$: bus.messages(reading.at({})).pipe(
      handle.exhaust(async ({ params, payload: { celsius } }, { call }) => {
        const { isSet } = await call(setpoint, { room: params.room, celsius: celsius + 10 });
        return isSet;
      }),
    ),
    refused$: lifecycle.start$.pipe(
      handle.switch(async (_event, { call }) => {
        try {
          return await call(setpoint, { room: 'x', celsius: 99 }, { timeout: '20s' });
        } catch (error) {
          return (error as AgentError & { remoteCode: string }).remoteCode;
        }
      }),
    ),
    late$: lifecycle.start$.pipe(
      handle.switch(async (_event, { call }) => {
        try {
          return await call(setpoint, { room: 'x', celsius: -1 }, { timeout: '200ms' });
        } catch (error) {
          return (error as AgentError).code;
        }
      }),
    ),
  }),
});

/** Says once what is to be, and is heard by whoever comes later. */
export const keeper = defineAgent({
  name: 'keeper',
  streams: ({ lifecycle, bus }) => ({
    kept$: lifecycle.start$.pipe(
      tap(() => {
        for (const celsius of [17, 19]) bus.publish(target.at({ room: 'attic' }), celsius);
      }),
    ),
  }),
});

export const latecomer = defineAgent({
  name: 'latecomer',
  streams: ({ bus }) => ({ targets$: bus.messages(target) }),
});
