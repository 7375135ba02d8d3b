import { concatMap, mergeMap, type Observable, type OperatorFunction, Subject } from 'rxjs';
import type { AgentContext } from 'rx-agent-kit';
import type { BenchCase, Figures } from '../harness/BenchCase';
import { createStrictHost, startAgents } from '../harness/agents';
import { cpuOf, expectCount, turn } from '../harness/measure';

const MANY = 100_000;
const FEW = 10;
/** The few are measured on so many streams at once that a turn of the event loop is no part of their cost. */
const STREAMS = 100;

/** What is measured is the operator: a handler that awaits something would itself be dearer when there are many. */
type Project = (value: number) => Promise<number>;
/** Makes the streams to be measured, merged into one subscriber. */
type Wire = (events: readonly Subject<number>[], project: Project) => Promise<Observable<unknown>>;

/** What it costs to take `depth` triggers while the first is held up, and to let go of all of them then. */
async function costOf(
  wire: Wire,
  streams: number,
  depth: number,
  warmUps: number,
  rounds: number,
): Promise<number> {
  let open = (): void => undefined;
  let gate = Promise.resolve(0);
  const events = Array.from({ length: streams }, () => new Subject<number>());
  const outputs$ = await wire(events, () => gate);
  let count = 0;
  outputs$.subscribe(() => count++);
  const run = async (times: number): Promise<void> => {
    for (let round = 0; round < times; round++) {
      gate = new Promise((resolve) => {
        open = () => resolve(0);
      });
      for (const event$ of events) for (let value = 0; value < depth; value++) event$.next(value);
      open();
      await turn();
    }
  };
  await run(warmUps);
  const cpu = await cpuOf(() => run(rounds));
  expectCount(count, streams * depth * (warmUps + rounds));
  return cpu / (streams * depth * rounds);
}

async function compare(wire: Wire, warmUps: number, rounds: number): Promise<Figures> {
  const few = await costOf(wire, STREAMS, FEW, 100, 400);
  const many = await costOf(wire, 1, MANY, warmUps, rounds);
  return { few, many, dearer: many / few };
}

function onKit(
  operator: (context: AgentContext<object>, project: Project) => OperatorFunction<number, number>,
): Wire {
  return async (events, project) => {
    const host = createStrictHost();
    await startAgents(host, events.length, (context, index) => ({
      done$: events[index]!.pipe(operator(context, project)),
    }));
    return host.outputs$;
  };
}

function onRxjs(operator: (project: Project) => OperatorFunction<number, number>): Wire {
  return (events, project) => {
    const outputs$ = new Subject<number>();
    for (const event$ of events) event$.pipe(operator(project)).subscribe(outputs$);
    return Promise.resolve(outputs$);
  };
}

/** A run that is kept, as whoever writes it by hand would keep what he may have to end. */
interface BareRun {
  readonly value: number;
  isOver: boolean;
}

/** The least that merging promises takes: one object and one `then` for each run. */
const onBareLoop: Wire = (events, project) => {
  const outputs$ = new Subject<number>();
  for (const event$ of events) {
    const runs: (BareRun | undefined)[] = [];
    const free: number[] = [];
    event$.subscribe((value) => {
      const place = free.pop() ?? runs.length;
      const run: BareRun = { value, isOver: false };
      runs[place] = run;
      void project(value).then((result) => {
        run.isOver = true;
        runs[place] = undefined;
        free.push(place);
        outputs$.next(result);
      });
    });
  }
  return Promise.resolve(outputs$);
};

const BARE = 'a bare loop';

function depthCase(name: string, rival: string, kit: Wire, rxjs: Wire): BenchCase {
  return {
    name,
    // The rival's many take ten seconds: that is done once.
    sides: { kit: () => compare(kit, 1, 4), [rival]: () => compare(rxjs, 0, 1) },
    rows: [
      {
        name: `${name}: cost of each, against 10`,
        figure: 'dearer',
        unit: '× dearer',
        per: 1,
        target: { kind: 'at-most', rival, floor: 2, aim: 1.3 },
      },
      { name: `${name}: CPU each`, figure: 'many', unit: 'ns', per: 1, target: { kind: 'none', rival } },
    ],
  };
}

export const cases: readonly BenchCase[] = [
  depthCase(
    'merge, 100,000 in flight',
    'mergeMap',
    onKit(({ handle }, project) => handle.merge(project)),
    onRxjs((project) => mergeMap(project)),
  ),
  {
    name: 'merge, 100,000 in flight, to a bare loop',
    sides: {
      kit: () =>
        compare(
          onKit(({ handle }, project) => handle.merge(project)),
          1,
          4,
        ),
      [BARE]: () => compare(onBareLoop, 1, 4),
    },
    rows: [
      {
        name: 'merge, 100,000 in flight: CPU each',
        figure: 'many',
        unit: 'ns',
        per: 1,
        // At most 1.3 times what the loop needs.
        target: { kind: 'less-than', rival: BARE, floor: 0.77, aim: 1 },
      },
    ],
  },
  depthCase(
    'concat, 100,000 queued',
    'concatMap',
    onKit(({ handle }, project) => handle.concat(project, { buffer: Infinity })),
    onRxjs((project) => concatMap(project)),
  ),
];
