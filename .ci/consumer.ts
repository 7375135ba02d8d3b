// What a project that uses the package may write. It is compiled, by an old and by a new compiler, against the tarball.
import { createHost, defineAgent, handle, procedure, topic, type Host, type Tick } from 'rx-agent-kit';
import { fileConfig, traceToFile } from 'rx-agent-kit/node';
import { marbleTest } from 'rx-agent-kit/testing';
import { map, of } from 'rxjs';
import { z } from 'zod';

const reading = topic('rooms/:room', z.object({ celsius: z.number() }));
const setpoint = procedure('site/setpoint', { input: z.number(), output: z.boolean() });

const meter = defineAgent({
  name: 'meter',
  config: z.object({ step: z.number().default(1) }),
  streams: ({ lifecycle, time, handle, bus, config }) => ({
    celsius$: lifecycle.start$.pipe(
      time.every('1s'),
      map(({ index }: Tick) => index * config.step),
    ),
    seen$: bus.messages(reading).pipe(
      handle.concat(async ({ params, payload }, { sleep, call }) => {
        await sleep('1s');
        return { room: params.room, celsius: payload.celsius, isSet: await call(setpoint, 3) };
      }),
    ),
    served$: bus.serve(setpoint, (celsius) => Promise.resolve(celsius > 3)),
  }),
});

export const lengths$ = of('a', 'bc').pipe(
  handle.concat(async (text, { sleep }) => {
    await sleep('1s');
    return text.length;
  }),
  map((length) => length.toFixed()),
);

export async function run(): Promise<number> {
  const host: Host = createHost({ configs: await fileConfig('farm.yaml') });
  const trace = await traceToFile(host, 'day.ndjson');
  const { streams } = await host.start(meter, { step: 2 });
  const seen: { room: string; celsius: number; isSet: boolean }[] = [];
  streams.seen$.subscribe((value) => seen.push(value));
  // @ts-expect-error -- The types are there, and not `any`.
  await host.start(meter, { step: 'x' });
  await host.stop();
  return (await trace.closed).events;
}

export async function once(): Promise<void> {
  await using host = createHost();
  await using agent = await host.start(meter);
  agent.configure({ step: 3 });
}

export const test = marbleTest(({ start, expectObservable }) => {
  expectObservable(start(meter, { step: 2 }).streams.celsius$).toBe('1s (a|)', { a: 2 });
});
