import type { Observable } from 'rxjs';
import type { RunHelpers } from 'rxjs/testing';
import { z } from 'zod';
import { defineAgent, type Host } from 'rx-agent-kit';
import { marbleTest, type MarbleHelpers, type MarbleReport, runMarbles } from 'rx-agent-kit/testing';

const asserted = { assertsElsewhere: true };

const greeter = defineAgent({
  name: 'greeter',
  config: z.object({ greeting: z.string().default('hello!'), times: z.number().default(1) }),
  streams: ({ lifecycle, handle, config }) => ({
    greeting$: lifecycle.start$.pipe(handle.switch(async () => config.greeting)),
    length$: lifecycle.start$.pipe(handle.switch(async () => config.greeting.length)),
  }),
});
const strict = defineAgent({
  name: 'strict',
  config: z.object({ port: z.number() }),
  streams: ({ lifecycle }) => ({ started$: lifecycle.start$ }),
});

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- it is what is checked
function expectType<T>(_value: T): void {
  // What it is given is checked by the compiler.
}

describe('the types of the marble test', () => {
  it(
    'know the streams and the config of what is started',
    marbleTest(({ start, expectObservable, host }) => {
      const { streams } = start(greeter, { greeting: 'hi' });
      expectType<Observable<string>>(streams.greeting$);
      expectType<Observable<number>>(streams.length$);
      expectType<Host>(host);
      // @ts-expect-error -- it is a string
      expectType<Observable<number>>(streams.greeting$);
      // @ts-expect-error -- there is no such stream
      expectType<unknown>(streams.farewell$);
      expectObservable(streams.greeting$).toBe('a', { a: 'hi' });
      expect(start(strict, { port: 80 }).name).toBe('strict');
    }),
  );

  it('refuse a config that does not fit, as the kit does', async () => {
    await runMarbles(({ start }) => {
      // @ts-expect-error -- a number is no greeting
      expect(() => start(greeter, { greeting: 1 })).toThrow('greeting');
      // @ts-expect-error -- the port cannot be left out
      expect(() => start(strict)).toThrow('port');
    });
  });

  it('take a body that was written for TestScheduler.run, and any that is async', async () => {
    const body = ({ cold, expectObservable }: RunHelpers): void => {
      expectObservable(cold<number>('a', { a: 1 })).toBe('a', { a: 1 });
    };
    expectType<Promise<MarbleReport>>(runMarbles(body));
    expectType<() => Promise<void>>(marbleTest(async (helpers: MarbleHelpers) => helpers.clock.sleep('1s')));
    const report = await runMarbles(async ({ clock }) => clock.sleep('1s'), asserted);
    // @ts-expect-error -- a report is not to be changed
    report.seed = 1;
    // @ts-expect-error -- there is no such option
    await runMarbles(() => undefined, { ...asserted, untill: '1s' }).catch(() => undefined);
    // @ts-expect-error -- a date is no duration
    await expect(runMarbles(() => undefined, { until: new Date(1) })).rejects.toThrow();
  });
});
