import { map, merge, type Observable, Subject, switchMap, timer } from 'rxjs';
import type { BenchCase, Figures } from '../harness/BenchCase';
import { createStrictHost, startAgents } from '../harness/agents';
import { cpuOf, elapse, percentile } from '../harness/measure';

// Each agent's output triggers its next event, so that 10,000 agents with a wait of 100 ms are offered
// 100,000 cycles a second, less what they are late.
const AGENTS = 10_000;
const WAIT = 100;
const WARM_UP = 1500;
const SPAN = 4000;
/** In a ms. */
const OFFERED = AGENTS / WAIT;

interface Event {
  readonly agent: number;
  at: number;
}

const handler = async (event: Event): Promise<Event> => event;

/** Drives either side in the same way; `outputs$` is what comes of the events, of all agents. */
async function drive(events: Subject<Event>[], outputs$: Observable<Event>, scale: number): Promise<Figures> {
  // Made beforehand, so that the measuring itself leaves no garbage to be collected while it goes on.
  const lateness = new Float64Array(2 * OFFERED * (WARM_UP + SPAN));
  let cycles = 0;
  const trigger = (event: Event): void => {
    event.at = performance.now();
    events[event.agent]?.next(event);
  };
  outputs$.subscribe((event) => {
    lateness[cycles++] = performance.now() - event.at - WAIT;
    trigger(event);
  });
  await spread(trigger);
  await elapse(WARM_UP);
  cycles = 0;
  const start = performance.now();
  const cpu = await cpuOf(() => elapse(SPAN * Math.max(scale, 0.5)));
  const offered = (performance.now() - start) * OFFERED;
  return {
    cpu: cpu / cycles,
    achieved: cycles / offered,
    lateness: percentile(lateness.subarray(0, cycles), 0.99),
  };
}

/** The first events are spread over one wait, as those of agents that have nothing to do with one another. */
async function spread(trigger: (event: Event) => void): Promise<void> {
  const start = performance.now();
  for (let agent = 0; agent < AGENTS;) {
    const due = Math.min(AGENTS, (performance.now() - start) * OFFERED);
    while (agent < due) trigger({ agent: agent++, at: 0 });
    await elapse(1);
  }
}

function subjects(): Subject<Event>[] {
  return Array.from({ length: AGENTS }, () => new Subject<Event>());
}

async function kit(scale: number): Promise<Figures> {
  const events = subjects();
  const host = createStrictHost();
  await startAgents(host, AGENTS, ({ time, handle }, index) => ({
    done$: events[index]!.pipe(time.after(WAIT), handle.switch(handler)),
  }));
  return drive(events, host.outputs$.pipe(map(({ value }) => value as Event)), scale);
}

async function rxjs(scale: number): Promise<Figures> {
  const events = subjects();
  const agents = events.map((event$) =>
    event$.pipe(
      switchMap((event) => timer(WAIT).pipe(map(() => event))),
      switchMap((event) => handler(event)),
    ),
  );
  return drive(events, merge(...agents), scale);
}

const name = 'event → 100 ms → switch → output, 10,000 agents, 100,000/s';

export const cases: readonly BenchCase[] = [
  {
    name,
    sides: { kit, 'RxJS 7': rxjs },
    rows: [
      {
        name: `${name}: CPU a cycle`,
        figure: 'cpu',
        unit: 'ns',
        per: 1,
        target: { kind: 'less-than', rival: 'RxJS 7', floor: 4, aim: 8 },
      },
      {
        name: `${name}: achieved`,
        figure: 'achieved',
        unit: '%',
        per: 0.01,
        target: { kind: 'at-least', rival: 'RxJS 7', floor: 95, aim: 100 },
      },
      {
        name: `${name}: p99 lateness`,
        figure: 'lateness',
        unit: 'ms',
        per: 1,
        target: { kind: 'at-most', rival: 'RxJS 7', floor: 10, aim: 10 },
      },
    ],
  },
];
