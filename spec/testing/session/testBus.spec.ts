import { map } from 'rxjs';
import { z } from 'zod';
import { defineAgent, topic } from 'rx-agent-kit';
import { marbleTest, type TestBus } from 'rx-agent-kit/testing';

const reading = topic('readings/:unit', z.object({ celsius: z.number() }));
const state = topic('state', z.enum(['on', 'off']), { retain: 'last' });
const moment = topic(
  'moment',
  z.codec(z.number(), z.date(), { decode: (ms) => new Date(ms), encode: (date) => date.getTime() }),
);

const listener = defineAgent({
  name: 'listener',
  streams: ({ bus }) => ({
    heard$: bus.messages(reading).pipe(map(({ params, payload }) => `${params.unit} ${payload.celsius}`)),
    moment$: bus.messages(moment).pipe(map(({ payload }) => payload.getTime())),
  }),
});

describe('the bus of a marble test', () => {
  it(
    'publishes to an address, as an agent does',
    marbleTest(async ({ start, bus, clock, expectObservable }) => {
      const { heard$, moment$ } = start(listener).streams;
      expectObservable(heard$).toBe('5ms a', { a: 'u1 21' });
      expectObservable(moment$).toBe('5ms a', { a: 99 });
      await clock.sleep(5);
      bus.publish(reading.at({ unit: 'u1' }), { celsius: 21 });
      bus.publish(moment, new Date(99));
    }),
  );

  it(
    'refuses what does not fit, and lets it in where it comes from outside',
    marbleTest(async ({ host, bus, clock }) => {
      const refused: string[] = [];
      host.trace$.subscribe((event) => {
        if (event.type === 'message-refused') refused.push(event.topic);
      });
      await host.start(listener);
      expect(() => bus.publish(reading.at({ unit: 'u1' }), { celsius: '21' } as never)).toThrow(
        expect.objectContaining({ code: 'bad-message', message: expect.stringContaining('celsius') }),
      );
      bus.publish('readings/u1', { celsius: '21' });
      await clock.sleep(1);
      expect(refused).toEqual(['readings/u1']);
    }),
  );

  it(
    'keeps the last message where its topic says so',
    marbleTest(async ({ host, start, bus, expectObservable }) => {
      await host.start(listener);
      bus.publish(state, 'on');
      const late = start(
        defineAgent({ name: 'late', streams: (context) => ({ state$: context.bus.messages(state) }) }),
      );
      expectObservable(late.streams.state$.pipe(map(({ payload }) => payload))).toBe('a', { a: 'on' });
    }),
  );

  it('knows the types of addresses and payloads', () => {
    const publish = (bus: TestBus): void => {
      bus.publish(reading.at({ unit: 'u1' }), { celsius: 21 });
      bus.publish('readings/u1', 'anything');
      // @ts-expect-error -- a payload that does not fit
      bus.publish(reading.at({ unit: 'u1' }), { celsius: '21' });
      // @ts-expect-error -- a part of a topic is no address
      bus.publish(reading, { celsius: 21 });
    };
    expect(publish).toHaveLength(1);
  });
});
