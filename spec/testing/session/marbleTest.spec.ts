import { z } from 'zod';
import { debounceTime, interval, take } from 'rxjs';
import { defineAgent } from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';

const greeter = defineAgent({
  name: 'greeter',
  config: z.object({ greeting: z.string().default('hello!') }),
  streams: ({ lifecycle, time, handle, config }) => ({
    greeting$: lifecycle.start$.pipe(
      time.after('3s'),
      handle.switch(async (_event, { sleep }) => {
        await sleep('1s');
        return config.greeting;
      }),
    ),
  }),
});

describe('marbleTest', () => {
  it(
    "tells an agent's values and runs to the millisecond",
    marbleTest(({ start, expectObservable, expectHandlers }) => {
      expectObservable(start(greeter).streams.greeting$).toBe('4s a', { a: 'hello!' });
      expectHandlers(greeter, 'greeting$').toBe('3s s 999ms e');
    }),
  );
  it(
    'takes what RxJS has, beside its own',
    marbleTest(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const c = cold('-a-b-|');
      expectObservable(c.pipe(debounceTime(1))).toBe('--a-b|');
      expectSubscriptions(c.subscriptions).toBe('^----!');
      expectObservable(hot('a-b-^c-d|')).toBe('-c-d|');
      expectObservable(interval(2).pipe(take(2))).toBe('--a-(b|)', { a: 0, b: 1 });
      expectObservable(interval(2)).toBe('--a-b', { a: 0, b: 1 });
    }),
  );
  it(
    'takes a body that does one thing after another',
    marbleTest(async ({ host, clock }) => {
      const agent = await host.start(greeter, { greeting: 'hi' });
      const seen: string[] = [];
      agent.streams.greeting$.subscribe((v) => seen.push(v));
      await clock.sleep('3999ms');
      expect(seen).toEqual([]);
      await clock.sleep(1);
      expect(seen).toEqual(['hi']);
      expect(Date.now()).toBe(4000);
    }),
  );
});
