import { every, liveClock, Scheduler } from 'rx-agent-kit';
import { interval, of } from 'rxjs';
import type { BenchCase, Figures } from '../harness/BenchCase';
import { cpuOf, elapse, median } from '../harness/measure';

const TIMERS = 100_000;
const PERIOD = 1000;
const PERIODS = 8;
const STARTED_AT_ONCE = 500;

/** Starts one periodic timer. */
type Start = (tick: () => void) => void;

/** The timers are started over one period; then their ticks are counted over several. */
async function drive(start: Start, scale: number): Promise<Figures> {
  const startedAt = new Float64Array(TIMERS);
  const ticks = new Uint32Array(TIMERS);
  const early: number[] = [];
  const late: number[] = [];
  const periods = Math.max(4, Math.round(PERIODS * scale));
  let count = 0;
  for (let index = 0; index < TIMERS; index++) {
    startedAt[index] = performance.now();
    start(() => {
      count++;
      const tick = (ticks[index] = (ticks[index] ?? 0) + 1);
      // One timer in ten is looked at, which is no part worth mention of what is measured.
      if (index % 10 !== 0 || (tick !== 2 && tick !== periods)) return;
      const lateness = performance.now() - (startedAt[index] ?? 0) - tick * PERIOD;
      (tick === 2 ? early : late).push(lateness);
    });
    if (index % STARTED_AT_ONCE === 0) await elapse(PERIOD / (TIMERS / STARTED_AT_ONCE) - 1);
  }
  await elapse(PERIOD);
  const before = count;
  const cpu = await cpuOf(() => elapse((periods - 1) * PERIOD));
  return {
    cpu: cpu / (count - before),
    drift: (median(late) - median(early)) / (periods - 2),
  };
}

function kit(scale: number): Promise<Figures> {
  const scheduler = new Scheduler(liveClock());
  const tick = every(PERIOD, {}, scheduler);
  return drive((work) => of(0).pipe(tick).subscribe(work), scale);
}

const name = '100,000 periodic timers of 1 s';

export const cases: readonly BenchCase[] = [
  {
    name,
    sides: {
      kit,
      setInterval: (scale) => drive((work) => setInterval(work, PERIOD), scale),
      'interval()': (scale) => drive((work) => interval(PERIOD).subscribe(work), scale),
    },
    rows: [
      {
        name: `${name}: drift a period`,
        figure: 'drift',
        unit: 'ms',
        per: 1,
        target: { kind: 'at-most', rival: 'setInterval', floor: 0.1, aim: 0.1 },
      },
      {
        name: `${name}: CPU a tick, to setInterval`,
        figure: 'cpu',
        unit: 'ns',
        per: 1,
        target: { kind: 'less-than', rival: 'setInterval', floor: 1 / 1.5, aim: 1 / 1.2 },
      },
      {
        name: `${name}: CPU a tick, to interval()`,
        figure: 'cpu',
        unit: 'ns',
        per: 1,
        target: { kind: 'none', rival: 'interval()' },
      },
    ],
  },
];
