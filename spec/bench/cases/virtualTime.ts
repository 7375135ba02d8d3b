import { createRequire } from 'node:module';
import { interval, merge, of, switchMap, take } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { defineAgent } from 'rx-agent-kit';
import { runMarbles } from 'rx-agent-kit/testing';
import type { BenchCase, Figures, Side } from '../harness/BenchCase';
import { cpuOf, expectCount } from '../harness/measure';

/** What is used of @sinonjs/fake-timers, which is installed for the benchmarks only. */
interface FakeTimers {
  install(): { tickAsync(ms: number): Promise<number>; uninstall(): void };
}

const AGENTS = 100;
const WARM_UPS = 4;
/** Fewer ticks than this are over before a side is warm. */
const SHORTEST = 1000;

/** Periodic agents, each tick of which an async handler takes, for so many ticks. */
interface World {
  readonly period: number;
  readonly ticks: number;
}

const handler = async (value: unknown): Promise<unknown> => {
  await Promise.resolve();
  return value;
};

async function measure({ ticks }: World, run: (onValue: () => void) => unknown): Promise<Figures> {
  let count = 0;
  const start = performance.now();
  const cpu = await cpuOf(() => run(() => count++));
  const events = AGENTS * ticks;
  expectCount(count, events);
  return { cpu: cpu / events, wall: performance.now() - start };
}

function kit(world: World): Promise<Figures> {
  return measure(world, (onValue) =>
    runMarbles(
      ({ start, host }) => {
        host.outputs$.subscribe(onValue);
        for (let index = 0; index < AGENTS; index++) {
          start(
            defineAgent({
              name: `agent-${index}`,
              streams: ({ lifecycle, time, handle }) => ({
                done$: lifecycle.start$.pipe(time.every(world.period), handle.switch(handler)),
              }),
            }),
          );
        }
      },
      { until: world.period * world.ticks, assertsElsewhere: true, maxInstants: Infinity },
    ),
  );
}

/** What an event costs here does not depend on how many there are, so that there need not be a million of them. */
function sinon({ period, ticks }: World): Promise<Figures> {
  const world = { period, ticks: Math.min(ticks, 2000) };
  const { install } = createRequire(import.meta.url)('@sinonjs/fake-timers') as FakeTimers;
  return measure(world, async (onValue) => {
    const clock = install();
    const agents = Array.from({ length: AGENTS }, () => interval(period).pipe(switchMap(handler)));
    const subscription = merge(...agents).subscribe(onValue);
    await clock.tickAsync(period * world.ticks);
    subscription.unsubscribe();
    clock.uninstall();
  });
}

/** It has no async handlers: theirs are synchronous. */
function testScheduler(world: World): Promise<Figures> {
  const { period, ticks } = world;
  return measure(world, (onValue) => {
    new TestScheduler(() => true).run(() => {
      const agents = Array.from({ length: AGENTS }, () =>
        interval(period).pipe(
          take(ticks),
          switchMap((value) => of(value)),
        ),
      );
      merge(...agents).subscribe(onValue);
    });
  });
}

function virtualCase(name: string, period: number, ticks: number, rivals: readonly Rival[]): BenchCase {
  const on =
    (side: (world: World) => Promise<Figures>): Side =>
    async (scale) => {
      const world = { period, ticks: Math.max(SHORTEST, Math.ceil(ticks * scale)) };
      // What is compared is not how fast each gets warm: in a suite of tests it is.
      for (let test = 0; test < WARM_UPS; test++) await side({ period, ticks: 200 });
      await side(world);
      return side(world);
    };
  const sides = Object.fromEntries(rivals.map(({ rival, side }) => [rival, on(side)]));
  return {
    name,
    sides: { kit: on(kit), ...sides },
    rows: rivals.map(({ rival, floor, aim }) => ({
      name: `${name}: CPU an event, to ${rival}`,
      figure: 'cpu',
      unit: 'ns',
      per: 1,
      target: { kind: 'less-than', rival, floor, aim },
    })),
  };
}

interface Rival {
  readonly rival: string;
  readonly side: (world: World) => Promise<Figures>;
  readonly floor: number;
  readonly aim: number;
}

const toBoth = (floor: number): readonly Rival[] => [
  { rival: 'tickAsync', side: sinon, floor, aim: 6 },
  { rival: 'TestScheduler', side: testScheduler, floor: 2, aim: 6 },
];

export const cases: readonly BenchCase[] = [
  virtualCase('virtual time, async handlers, 100,000 events', 1000, 1000, toBoth(3)),
  virtualCase('virtual time, async handlers, 1,000,000 events', 1000, 10_000, toBoth(2)),
  virtualCase('virtual day of 100 agents, every minute an async handler', 60_000, 24 * 60, [
    { rival: 'TestScheduler', side: testScheduler, floor: 1, aim: 4 },
  ]),
];
