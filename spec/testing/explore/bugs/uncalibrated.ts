// A sensor's factor is asked for when the config is there, and readings are multiplied by what it is by then: the first
// reading may come before the answer, and is told as if the sensor had no factor.
import { defineAgent, procedure, topic } from 'rx-agent-kit';
import { map, ReplaySubject } from 'rxjs';
import type { ExploreBody } from 'rx-agent-kit/testing';
import { z } from 'zod';
import type { SeededBug } from './support/SeededBug';

const reading = topic('sensors/:sensor/raw', z.number());
const calibration = procedure('lab/factor', { input: z.string(), output: z.number() });
const config = z.object({ sensor: z.string() });

const lab = defineAgent({
  name: 'lab',
  streams: ({ bus }) => ({ factors$: bus.serve(calibration, async () => 0.1) }),
});

const hasty = defineAgent({
  name: 'thermometer',
  needs: ['lab'],
  config,
  streams: ({ config$, bus, handle }) => {
    let factor = 1;
    return {
      factor$: config$.pipe(
        handle.switch(async ({ sensor }, { call }) => (factor = await call(calibration, sensor))),
      ),
      celsius$: bus.messages(reading).pipe(map(({ payload }) => payload * factor)),
    };
  },
});

const patient = defineAgent({
  name: 'thermometer',
  needs: ['lab'],
  config,
  streams: ({ config$, bus, handle }) => {
    const known$ = new ReplaySubject<number>(1);
    return {
      factor$: config$.pipe(
        handle.switch(async ({ sensor }, { call }) => {
          const factor = await call(calibration, sensor);
          known$.next(factor);
          return factor;
        }),
      ),
      celsius$: bus
        .messages(reading)
        .pipe(handle.concat(async ({ payload }, { next }) => payload * (await next(known$, 'the factor')))),
    };
  },
});

const breaks = 'no reading is told without its factor';

const story =
  (thermometer: typeof hasty): ExploreBody =>
  async ({ host, start, bus, clock, always, eventually }) => {
    const celsius: number[] = [];
    always(() => celsius.every((value) => value < 30), breaks);
    eventually(() => celsius.length === 2, 'each reading is told');
    await host.start(lab);
    start(thermometer, { sensor: 's1' }).streams.celsius$.subscribe((value) => celsius.push(value));
    for (const raw of [210, 215]) {
      await clock.sleep('100ms');
      bus.publish(reading.at({ sensor: 's1' }), raw);
    }
  };

export const uncalibrated: SeededBug = {
  name: 'message handled before its config',
  breaks,
  wrong: story(hasty),
  right: story(patient),
  options: { latency: '0..100ms' },
};
