// A meter is read each quarter of an hour, and each quarter of an hour an interval is closed with what has been read
// last: by two timers, of which the first one has always been the first.
import { map, tap } from 'rxjs';
import { defineAgent } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import type { SeededBug } from './support/SeededBug';

/** What the meter shows at an instant, in kWh: 2 kW are drawn all the time. */
const counterAt = (at: number): number => (at / 3_600_000) * 2;

const byTwo = defineAgent({
  name: 'meter',
  streams: ({ lifecycle: { start$ }, time }) => {
    let [last, closed] = [0, 0];
    return {
      read$: start$.pipe(
        time.every('15m'),
        tap(({ at }) => (last = counterAt(at))),
      ),
      interval$: start$.pipe(
        time.every('15m'),
        map(() => {
          const kWh = last - closed;
          closed = last;
          return kWh;
        }),
      ),
    };
  },
});

const byOne = defineAgent({
  name: 'meter',
  streams: ({ lifecycle: { start$ }, time }) => {
    let closed = 0;
    return {
      interval$: start$.pipe(
        time.every('15m'),
        map(({ at }) => {
          const last = counterAt(at);
          const kWh = last - closed;
          closed = last;
          return kWh;
        }),
      ),
    };
  },
});

const story =
  (meter: typeof byOne): ExploreBody =>
  ({ start, expectObservable }) => {
    const { interval$ } = start(meter).streams;
    expectObservable(interval$, '^ 61m !').toBe('15m a 899999ms a 899999ms a 899999ms a', { a: 0.5 });
  };

export const twoTimers: SeededBug = {
  name: 'two timers of one instant',
  breaks: 'meter.interval$',
  wrong: story(byTwo),
  right: story(byOne),
  options: {},
};
