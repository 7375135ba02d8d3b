import { map, tap } from 'rxjs';
import { defineAgent } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import type { KitCase } from '../KitCase';

const PERIOD = 10;

const grid: ExploreBody = ({ start, always, clock }) => {
  const ticks: { at: number; index: number; missed: number; now: number }[] = [];
  const origin = clock.now();
  start(
    defineAgent({
      name: 'clock',
      streams: ({ lifecycle, time }) => ({
        ticks$: lifecycle.start$.pipe(
          time.every(PERIOD),
          tap((tick) => ticks.push({ ...tick, now: time.now() })),
        ),
        stop$: lifecycle.start$.pipe(time.after(95)),
      }),
    }),
  );
  always(() => ticks.every(({ at }) => (at - origin) % PERIOD === 0), 'each tick stands on the grid');
  always(() => ticks.every(({ at, now }) => now >= at), 'no tick comes early');
  always(
    () => ticks.every(({ index, missed }, at) => at === 0 || index === ticks[at - 1]!.index + 1 + missed),
    'a tick says how many it stands for',
  );
};

const waits: ExploreBody = ({ start, hot, eventually, always }) => {
  const fired: number[] = [];
  const taken: number[] = [];
  const trigger$ = hot('a--b-----c-d-e|', { a: 0, b: 1, c: 2, d: 3, e: 4 });
  start(
    defineAgent({
      name: 'waiter',
      streams: ({ time }) => ({
        after$: trigger$.pipe(
          tap((n) => taken.push(n)),
          time.after(5),
          tap((n) => fired.push(n)),
        ),
        keyed$: trigger$.pipe(time.after(5, { key: (n) => n % 2 })),
      }),
    }),
  );
  always(
    () => fired.every((n, at) => at === 0 || n > fired[at - 1]!),
    'waits end in the order of their triggers',
  );
  eventually(() => taken.length === 5 && fired.at(-1) === 4, 'the wait of the last trigger ends');
};

const lives: ExploreBody = ({ start, always, clock }) => {
  const seen: { life: number; at: number; tick: number }[] = [];
  let life = 0;
  let started = 0;
  start(
    defineAgent({
      name: 'agent',
      streams: ({ lifecycle, time }) => {
        const mine = ++life;
        return {
          ticks$: lifecycle.start$.pipe(
            tap(() => (started = clock.now())),
            time.every(7),
            map(({ at }) => seen.push({ life: mine, at: at - started, tick: mine })),
          ),
          end$: lifecycle.start$.pipe(time.after(60)),
        };
      },
    }),
  );
  always(
    () => seen.every(({ life: of }, at) => at === 0 || of >= seen[at - 1]!.life),
    'no timer of a former life fires',
  );
  always(() => seen.every(({ at }) => at % 7 === 0), 'the grid of a life begins with it');
};

export const timers: readonly KitCase[] = [
  { name: 'every on its grid over stalls', body: grid, options: { stall: '0..35ms', until: '200ms' } },
  { name: 'waits that begin anew', body: waits, options: { stall: '0..10ms' } },
  {
    name: 'timers of several lives',
    body: lives,
    options: { until: '100ms', disturb: { most: 2, restart: ['agent'] } },
  },
];
