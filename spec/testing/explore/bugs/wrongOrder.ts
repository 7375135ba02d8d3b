// Set-points are written to a device as they come, side by side, since each is long done when the next one comes. After
// a crash the open ones are written at once, and the one that takes longer is the older one.
import { defineAgent } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import { Subject } from 'rxjs';
import type { SeededBug } from './support/SeededBug';

const writerOf = (setpoints$: Subject<number>, device: { level: number }, policy: 'merge' | 'concat') =>
  defineAgent({
    name: 'writer',
    streams: ({ handle }) => ({
      written$: setpoints$.pipe(
        handle[policy](
          async (level, { sleep, attempt }) => {
            // The first attempt reaches the device at once; later ones have to find it anew.
            await sleep(attempt === 1 ? '500ms' : `${10 - level}s`);
            device.level = level;
          },
          { durable: 'setpoints' },
        ),
      ),
    }),
  });

const breaks = 'the device ends at the last set-point';

const story =
  (policy: 'merge' | 'concat'): ExploreBody =>
  async ({ start, host, clock, eventually }) => {
    const setpoints$ = new Subject<number>();
    const device = { level: 0 };
    let last = 0;
    eventually(() => device.level === last, breaks);
    start(writerOf(setpoints$, device, policy));
    for (const level of [1, 3]) {
      await clock.sleep('1s');
      setpoints$.next(level);
      // One that is not kept is nobody's.
      await host.kept().then(
        () => (last = level),
        () => undefined,
      );
    }
    await clock.sleep('1m');
  };

export const wrongOrder: SeededBug = {
  name: 'a queue in the wrong order',
  breaks,
  wrong: story('merge'),
  right: story('concat'),
  options: { crashes: 1 },
};
