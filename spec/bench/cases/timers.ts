import { liveClock, Scheduler } from 'rx-agent-kit';
import { type SchedulerLike, type Subscription, timer } from 'rxjs';
import type { BenchCase, Figures } from '../harness/BenchCase';
import { cpuOf, elapse, peakMemory } from '../harness/measure';

const TIMERS = 1_000_000;
/** All timers are armed before the first is due, and they are spread over as many ms as this. */
const SPREAD = 1000;
const OUTSTANDING = 10_000;

/** Makes one timer, as users of the library do. */
type Arm = (ms: number, work: () => void) => Subscription;

const armRxjs: Arm = (ms, work) => timer(ms).subscribe(work);

function kitArm(): Arm {
  const scheduler: SchedulerLike = new Scheduler(liveClock());
  return (ms, work) => scheduler.schedule(work, ms);
}

async function fire(arm: Arm, scale: number): Promise<Figures> {
  const armAll = (count: number, lead: number): Promise<void> =>
    new Promise((resolve) => {
      let left = count;
      const work = (): void => {
        if (--left === 0) resolve();
      };
      for (let index = 0; index < count; index++) arm(lead + ((index * 7919) % SPREAD), work);
    });
  await armAll(10_000, 0);
  globalThis.gc?.();
  const peakBefore = peakMemory();
  const count = TIMERS * scale;
  const cpu = await cpuOf(() => armAll(count, 4000 * scale));
  return { cpu: cpu / count, peak: (peakMemory() - peakBefore) / count };
}

async function cancel(arm: Arm, scale: number): Promise<Figures> {
  const work = (): void => undefined;
  const outstanding = Array.from({ length: OUTSTANDING }, (_, index) => arm(60_000 + index, work));
  const run = (count: number): void => {
    for (let index = 0; index < count; index++) {
      const place = index % OUTSTANDING;
      outstanding[place]?.unsubscribe();
      outstanding[place] = arm(60_000 + ((index * 7919) % SPREAD), work);
    }
  };
  run(50_000);
  await elapse(20);
  const count = 2_000_000 * scale;
  const cpu = await cpuOf(() => run(count));
  return { cpu: cpu / count };
}

const rival = 'timer()';

export const cases: readonly BenchCase[] = [
  {
    name: 'schedule and fire 1,000,000 one-shot timers',
    sides: { kit: (scale) => fire(kitArm(), scale), [rival]: (scale) => fire(armRxjs, scale) },
    rows: [
      {
        name: 'schedule and fire 1,000,000 one-shot timers: CPU each',
        figure: 'cpu',
        unit: 'ns',
        per: 1,
        target: { kind: 'less-than', rival, floor: 3.5, aim: 6 },
      },
      {
        name: 'schedule and fire 1,000,000 one-shot timers: peak memory each',
        figure: 'peak',
        unit: 'B',
        per: 1,
        target: { kind: 'less-than', rival, floor: 3, aim: 5 },
      },
    ],
  },
  {
    name: 'schedule and cancel, 10,000 outstanding',
    sides: { kit: (scale) => cancel(kitArm(), scale), [rival]: (scale) => cancel(armRxjs, scale) },
    rows: [
      {
        name: 'schedule and cancel, 10,000 outstanding: CPU each',
        figure: 'cpu',
        unit: 'ns',
        per: 1,
        target: { kind: 'less-than', rival, floor: 8, aim: 20 },
      },
    ],
  },
];
