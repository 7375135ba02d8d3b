// A printer says that it has a page as soon as it has put it into the press. When its host is told to stop, what is in the
// press is thrown away: nobody prints it, and nobody asks again.
import { Subject } from 'rxjs';
import { defineAgent, procedure } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import { z } from 'zod';
import type { SeededBug } from './support/SeededBug';

const print = procedure('printer/print', { input: z.string(), output: z.boolean() });

const writer = (accepted: string[]) =>
  defineAgent({
    name: 'writer',
    streams: ({ lifecycle, time, handle }) => ({
      sent$: lifecycle.start$.pipe(
        time.every('1s'),
        handle.merge(async ({ index }, { call }) => {
          if (index > 3) return;
          const page = `page ${index}`;
          if (await call(print, page, { timeout: '1m' })) accepted.push(page);
        }),
      ),
    }),
  });

const printerThat = (drains: boolean, printed: string[]) =>
  defineAgent({
    name: 'printer',
    stopTimeout: '30s',
    streams: ({ bus, handle }) => {
      const pages$ = new Subject<string>();
      return {
        accepted$: bus.serve(print, async (page) => {
          pages$.next(page);
          return true;
        }),
        printed$: pages$.pipe(
          handle.merge(
            async (page, { sleep }) => {
              await sleep('500ms');
              printed.push(page);
            },
            { onStop: drains ? 'drain' : 'abort' },
          ),
        ),
      };
    },
  });

const breaks = 'what the printer has accepted is printed';

const story =
  (drains: boolean): ExploreBody =>
  async ({ host, start, clock, eventually }) => {
    const [accepted, printed]: [string[], string[]] = [[], []];
    eventually(() => accepted.every((page) => printed.includes(page)), breaks);
    await host('b').start(printerThat(drains, printed));
    start(writer(accepted));
    await clock.sleep('10s');
    await host('b').stop();
    await clock.sleep('10s');
  };

export const lostInDrain: SeededBug = {
  name: 'a drain that loses what is in flight',
  breaks,
  wrong: story(false),
  right: story(true),
  options: { network: { latency: '0..8s' } },
};
