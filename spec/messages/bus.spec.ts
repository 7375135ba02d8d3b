import { defineAgent, procedure, topic } from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';
import { z } from 'zod';

const reading = topic('devices/:building/:unit', z.object({ celsius: z.number() }));
const setpoint = procedure('site/setpoint', { input: z.number(), output: z.boolean() });

describe('bus', () => {
  it(
    'carries a message and a call',
    marbleTest(({ start, expectObservable }) => {
      const seen = start(
        defineAgent({
          name: 'listener',
          streams: ({ bus }) => ({
            seen$: bus.messages(reading.at({ building: 'b1' })),
            served$: bus.serve(setpoint, async (celsius, { sleep }) => {
              await sleep('1s');
              return celsius < 25;
            }),
          }),
        }),
      );
      const sender = start(
        defineAgent({
          name: 'sender',
          streams: ({ lifecycle, bus, time, handle }) => ({
            sent$: lifecycle.start$.pipe(
              time.after('1s'),
              handle.switch(async (_event, { call }) => {
                bus.publish(reading.at({ building: 'b1', unit: 'u7' }), { celsius: 21 });
                return call(setpoint, 21);
              }),
            ),
          }),
        }),
      );
      expectObservable(seen.streams.seen$).toBe('1s a', {
        a: {
          topic: 'devices/b1/u7',
          params: { building: 'b1', unit: 'u7' },
          payload: { celsius: 21 },
          at: 1000,
        },
      });
      expectObservable(seen.streams.served$).toBe('2s a', { a: { input: 21, output: true } });
      expectObservable(sender.streams.sent$).toBe('2s a', { a: true });
    }),
  );
});
