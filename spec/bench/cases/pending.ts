import { from, mergeMap, NEVER, type OperatorFunction, timer } from 'rxjs';
import { type AgentContext, defineAgent } from 'rx-agent-kit';
import { type MarbleBody, runMarbles } from 'rx-agent-kit/testing';
import type { BenchCase, Figures, Side } from '../harness/BenchCase';
import { cpuOf, expectCount } from '../harness/measure';

const FEW = 10_000;
const MANY = 100_000;
/** They end at as many instants as this, in no order. */
const INSTANTS = 100;
const WARM_UPS = 5;
const ROUNDS = 5;

/** The body of a test in which so many timers of a kind are pending at once; each calls back when it ends. */
type Kind = (count: number, ended: () => void) => MarbleBody;

const spanOf = (index: number): number => 1 + ((index * 7919) % INSTANTS);

const inBody =
  (arm: (span: number, ended: () => void) => unknown): Kind =>
  (count, ended) =>
  () => {
    for (let index = 0; index < count; index++) arm(spanOf(index), ended);
  };

/** One stream of one agent that has so many triggers when it starts, which are numbers. */
const inAgent =
  (use: (context: AgentContext<object>) => OperatorFunction<number, unknown>): Kind =>
  (count, ended) =>
  ({ start, host }) => {
    host.outputs$.subscribe(ended);
    start(
      defineAgent({
        name: 'many',
        streams: (context) => ({
          ended$: context.lifecycle.start$.pipe(
            mergeMap(() => from(Array.from({ length: count }, (_, index) => index))),
            use(context),
          ),
        }),
      }),
    );
  };

const KINDS: Readonly<Record<string, Kind>> = {
  'clock.sleep':
    (count, ended) =>
    async ({ clock }) => {
      const sleeps = Array.from({ length: count }, (_, index) => clock.sleep(spanOf(index)).then(ended));
      await Promise.all(sleeps);
    },
  setTimeout: inBody((span, ended) => setTimeout(ended, span)),
  'timer()': inBody((span, ended) => timer(span).subscribe(ended)),
  'time.after': inAgent(({ time }) => time.after(spanOf, { key: (index) => index })),
  'time.after, durable': inAgent(({ time }) =>
    time.after(spanOf, { durable: 'waits', key: (index) => index }),
  ),
  'time.every': inAgent(({ time }) => mergeMap((index) => from([index]).pipe(time.every(INSTANTS)))),
  'run.sleep': inAgent(({ handle }) => handle.merge((index, run) => run.sleep(spanOf(index)))),
  'run.next with a timeout': inAgent(({ handle }) =>
    handle.merge((index, run) =>
      run.next(NEVER, { timeout: spanOf(index) }).catch((error: unknown) => error),
    ),
  ),
};

const pending =
  (kind: Kind): Side =>
  async (scale): Promise<Figures> => {
    const test = async (count: number): Promise<void> => {
      let ended = 0;
      await runMarbles(
        kind(count, () => ended++),
        { assertsElsewhere: true, until: INSTANTS },
      );
      expectCount(ended, count);
    };
    for (let round = 0; round < WARM_UPS; round++) await test(FEW / 2);
    const rounds = Math.ceil(ROUNDS * scale);
    const few = await cpuOf(async () => {
      for (let round = 0; round < rounds; round++) await test(FEW);
    });
    return { few: few / rounds, many: await cpuOf(() => test(MANY)) };
  };

export const cases: readonly BenchCase[] = Object.entries(KINDS).map(([name, kind]) => ({
  name: `pending timers in a marble test: ${name}`,
  sides: { kit: pending(kind) },
  rows: [
    {
      name: `10,000 pending timers in a marble test: ${name}`,
      figure: 'few',
      unit: 'ms',
      per: 1e6,
      target: { kind: 'at-most', floor: 50, aim: 25 },
    },
    {
      name: `100,000 pending timers in a marble test: ${name}`,
      figure: 'many',
      unit: 'ms',
      per: 1e6,
      target: { kind: 'at-most', floor: 600, aim: 300 },
    },
  ],
}));
