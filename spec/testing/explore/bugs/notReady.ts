// A panel needs a meter, and shows what that has read last. But the meter counts as ready as soon as it has started:
// with a slow line, the panel asks before there is a first reading, and shows 0 V.
import { defineAgent, procedure } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import { z } from 'zod';
import type { SeededBug } from './support/SeededBug';

const volts = procedure('meter/volts', { input: z.null(), output: z.number() });

/** Stands for the driver of the meter's serial line. */
const readRegister = async (): Promise<number> => 230;

const meter = defineAgent({
  name: 'meter',
  streams: ({ lifecycle, time, handle, bus }) => {
    let latest = 0;
    return {
      reading$: lifecycle.start$.pipe(
        time.every('10s', { immediate: true }),
        handle.exhaust(async (_tick, { external }) => (latest = await external(readRegister(), 'the meter'))),
      ),
      asked$: bus.serve(volts, async () => latest),
    };
  },
});

const meterWithReading = defineAgent({ ...meter, readyWhen: ({ reading$ }) => reading$ });

const panel = defineAgent({
  name: 'panel',
  needs: ['meter'],
  streams: ({ lifecycle, time, handle }) => ({
    shown$: lifecycle.start$.pipe(
      time.after('500ms'),
      handle.switch(async (_start, { call }) => `${await call(volts, null)} V`),
    ),
  }),
});

const breaks = 'the panel shows what the meter has read';

const story =
  (given: typeof meter): ExploreBody =>
  async ({ host, clock, eventually }) => {
    let shown = '';
    eventually(() => shown === '230 V', breaks);
    const [, { streams }] = await host.startAll([given, panel]);
    streams.shown$.subscribe((text) => (shown = text));
    await clock.sleep('3s');
  };

export const notReady: SeededBug = {
  name: 'needs that are not ready',
  breaks,
  wrong: story(meter),
  right: story(meterWithReading),
  options: { latency: { external: '0..1s' } },
};
