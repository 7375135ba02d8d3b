// A run that a stop waits for waits itself for the next batch to be written, and the batch is written by a timer, which
// the stop has cancelled: the run is cut off in the end, and what it had taken is not written.
import { share, Subject, tap } from 'rxjs';
import { defineAgent, type Run, topic } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import { z } from 'zod';
import type { SeededBug } from './support/SeededBug';

const reading = topic('meter/reading', z.number());

interface Log {
  readonly taken: number[];
  readonly written: number[];
}

/** How a run waits until its reading has been written. */
type WaitForBatch = (run: Run, written$: Subject<void>, write: () => void) => Promise<void>;

const recorderOf = (log: Log, waitForBatch: WaitForBatch) =>
  defineAgent({
    name: 'recorder',
    stopTimeout: '2s',
    streams: ({ bus, time, handle }) => {
      const written$ = new Subject<void>();
      const batch: number[] = [];
      const readings$ = bus.messages(reading).pipe(share());
      const write = (): void => {
        log.written.push(...batch.splice(0));
        written$.next();
      };
      return {
        batches$: readings$.pipe(time.after('100ms'), tap(write)),
        recorded$: readings$.pipe(
          handle.merge(
            async ({ payload }, run) => {
              log.taken.push(payload);
              batch.push(payload);
              await waitForBatch(run, written$, write);
              return payload;
            },
            { onStop: 'drain' },
          ),
        ),
      };
    },
  });

const breaks = 'what has been taken is written';

const story =
  (waitForBatch: WaitForBatch): ExploreBody =>
  async ({ host, bus, clock, eventually }) => {
    const log: Log = { taken: [], written: [] };
    eventually(() => log.written.length === log.taken.length, breaks);
    const recorder = await host.start(recorderOf(log, waitForBatch));
    for (const value of [1, 2]) {
      bus.publish(reading, value);
      await clock.sleep('500ms');
    }
    await recorder.stop();
  };

export const drainWaits: SeededBug = {
  name: 'drain that waits for itself',
  breaks,
  wrong: story(({ next }, written$) => next(written$, 'the batch')),
  right: story(async ({ sleep }, _written$, write) => {
    await sleep('100ms');
    write();
  }),
  options: { latency: { messages: '0..1s' } },
};
