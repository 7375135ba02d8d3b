import { catchError, EMPTY, interval, map, Subject, type Subscription, switchMap } from 'rxjs';
import { createHost, defineAgent, type Host, silentLog } from 'rx-agent-kit';
import type { BenchCase, Figures } from '../harness/BenchCase';
import { createStrictHost } from '../harness/agents';
import { cpuOf, expectCount } from '../harness/measure';

const AGENTS = 10_000;
const MINUTE = 60_000;

const handler = async (): Promise<string> => 'done';

const definitions = (needs: (index: number) => readonly string[]) =>
  Array.from({ length: AGENTS }, (_, index) =>
    defineAgent({
      name: `agent-${index}`,
      needs: needs(index),
      streams: ({ lifecycle, time, handle }) => ({
        done$: lifecycle.start$.pipe(time.every(MINUTE), handle.switch(handler)),
      }),
    }),
  );

async function startAndStop(host: Host, needs: (index: number) => readonly string[]): Promise<Figures> {
  const agents = definitions(needs);
  const cpu = await cpuOf(async () => {
    await host.startAll(agents);
    expectCount(host.ledger().length, AGENTS);
    const { left } = await host.stop();
    expectCount(left.length, 0);
  });
  return { cpu: cpu / AGENTS };
}

/** Nobody needs anybody. */
const kit = (): Promise<Figures> => startAndStop(createStrictHost(), () => []);

/** Each needs the one a hundred before it: chains of a hundred, side by side. */
const chained = (): Promise<Figures> =>
  startAndStop(createStrictHost(), (index) => (index < 100 ? [] : [`agent-${index - 100}`]));

const supervised = (): Promise<Figures> =>
  startAndStop(createHost({ log: silentLog, restart: { max: 3 } }), () => []);

interface Output {
  readonly agent: string;
  readonly stream: string;
  readonly value: unknown;
}

/** As lean as can be by hand: named outputs, errors that end nobody else. */
async function rxjs(): Promise<Figures> {
  const outputs = new Subject<Output>();
  const errors = new Subject<unknown>();
  const cpu = await cpuOf(async () => {
    const agents = new Map<string, Subscription>();
    for (let index = 0; index < AGENTS; index++) {
      const agent = `agent-${index}`;
      const done$ = interval(MINUTE).pipe(
        switchMap(handler),
        map((value) => ({ agent, stream: 'done$', value })),
        catchError((error: unknown) => {
          errors.next(error);
          return EMPTY;
        }),
      );
      agents.set(agent, done$.subscribe(outputs));
    }
    await Promise.resolve();
    for (const agent of agents.values()) agent.unsubscribe();
  });
  return { cpu: cpu / AGENTS };
}

const name = 'start and stop 10,000 agents';
const rival = 'RxJS 7 by hand';
const row = (what: string, figure: string) => ({ name: `${name}${what}`, figure, unit: 'µs', per: 1000 });

export const cases: readonly BenchCase[] = [
  {
    name,
    sides: { kit, [rival]: rxjs },
    rows: [
      {
        ...row(': CPU for each', 'cpu'),
        // At most 1.8 times what it takes by hand, without names, phases, health and a ledger.
        target: { kind: 'less-than', rival, floor: 0.55, aim: 1 },
      },
    ],
  },
  {
    name: `${name} that need one another`,
    sides: { kit: chained, 'no needs': kit },
    rows: [
      {
        ...row(' that need one another: CPU for each', 'cpu'),
        target: { kind: 'less-than', rival: 'no needs', floor: 0.5, aim: 0.8 },
      },
    ],
  },
  {
    name: `${name} with a restart`,
    sides: { kit: supervised, 'no restart': kit },
    rows: [
      {
        ...row(' with a restart: CPU for each', 'cpu'),
        target: { kind: 'less-than', rival: 'no restart', floor: 0.9, aim: 1 },
      },
    ],
  },
];
