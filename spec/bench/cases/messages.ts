import { createRequire } from 'node:module';
import { filter, Subject } from 'rxjs';
import { type AgentBus, defineAgent, procedure, type Run, topic } from 'rx-agent-kit';
import { z } from 'zod';
import { createStrictHost } from '../harness/agents';
import type { BenchCase, Figures } from '../harness/BenchCase';
import { cpuOf, expectCount, turn } from '../harness/measure';

// Each of 100 subscribers wants the ten topics of its building; a message goes to each of the 1,000 topics in turn.
const BUILDINGS = 100;
const UNITS = 10;
const ROUNDS = 2000;
const WARM_UP = 200;
const CALLS = 300_000;
const AT_ONCE = 100;

const reading = topic('devices/:building/:unit', z.number());
const double = procedure('math/double', { input: z.object({ n: z.number() }), output: z.number() });

/** What is used of moleculer, which is installed for the benchmarks only. */
interface Moleculer {
  readonly ServiceBroker: new (options: { readonly logger: boolean }) => {
    createService(schema: object): unknown;
    start(): Promise<void>;
    emit(event: string, payload: unknown): Promise<void>;
    call(action: string, params: object): Promise<number>;
  };
}

const buildings = Array.from({ length: BUILDINGS }, (_, index) => `b${index}`);
const places = buildings.flatMap((building) =>
  Array.from({ length: UNITS }, (_, index) => ({ building, unit: `u${index}` })),
);

function createBroker() {
  const { ServiceBroker } = createRequire(import.meta.url)('moleculer') as Moleculer;
  return new ServiceBroker({ logger: false });
}

/** @param publish sends all messages of a round */
async function route(
  publish: (celsius: number) => void,
  count: () => number,
  scale: number,
): Promise<Figures> {
  const rounds = ROUNDS * scale;
  const run = async (times: number): Promise<void> => {
    for (let round = 0; round < times; round++) {
      publish(round);
      await turn();
    }
  };
  await run(WARM_UP);
  const cpu = await cpuOf(() => run(rounds));
  await turn();
  expectCount(count(), (WARM_UP + rounds) * places.length);
  return { cpu: cpu / (rounds * places.length) };
}

async function routedByKit(scale: number): Promise<Figures> {
  const host = createStrictHost();
  let count = 0;
  let bus!: AgentBus;
  await host.start(
    defineAgent({
      name: 'site',
      streams: (context) => {
        bus = context.bus;
        for (const building of buildings) bus.messages(reading.at({ building })).subscribe(() => count++);
        return {};
      },
    }),
  );
  const addresses = places.map((place) => reading.at(place));
  return route(
    (celsius) => {
      for (const address of addresses) bus.publish(address, celsius);
    },
    () => count,
    scale,
  );
}

function routedByFilters(scale: number): Promise<Figures> {
  interface Message {
    readonly topic: string;
    readonly payload: number;
  }
  const messages$ = new Subject<Message>();
  let count = 0;
  for (const building of buildings) {
    const prefix = `devices/${building}/`;
    messages$.pipe(filter((message) => message.topic.startsWith(prefix))).subscribe(() => count++);
  }
  const topics = places.map(({ building, unit }) => `devices/${building}/${unit}`);
  return route(
    (celsius) => {
      for (const name of topics) messages$.next({ topic: name, payload: celsius });
    },
    () => count,
    scale,
  );
}

async function routedByMoleculer(scale: number): Promise<Figures> {
  const broker = createBroker();
  let count = 0;
  for (const building of buildings)
    broker.createService({
      name: building,
      events: {
        [`devices.${building}.*`]: () => {
          count++;
        },
      },
    });
  await broker.start();
  const topics = places.map(({ building, unit }) => `devices.${building}.${unit}`);
  return route(
    (celsius) => {
      for (const name of topics) void broker.emit(name, celsius);
    },
    () => count,
    scale,
  );
}

type Call = (n: number) => Promise<number>;

/** Calls over and over, so many at once, and sees to it that the answers are right. */
async function callWith(call: Call, atOnce: number, scale: number): Promise<Figures> {
  const calls = CALLS * scale;
  let sum = 0;
  const run = async (count: number): Promise<void> => {
    for (let n = 0; n < count; n += atOnce) {
      if (atOnce === 1) sum += await call(n);
      else
        for (const answer of await Promise.all(Array.from({ length: atOnce }, (_, index) => call(n + index))))
          sum += answer;
    }
  };
  await run(30_000);
  sum = 0;
  const cpu = await cpuOf(() => run(calls));
  expectCount(sum, calls * (calls - 1));
  return { cpu: cpu / calls };
}

async function calledByKit(atOnce: number, scale: number): Promise<Figures> {
  const host = createStrictHost();
  await host.start(
    defineAgent({
      name: 'server',
      streams: ({ bus }) => ({ double$: bus.serve(double, async ({ n }) => 2 * n) }),
    }),
  );
  const run = await new Promise<Run>((resolve) => {
    void host.start(
      defineAgent({
        name: 'caller',
        streams: ({ lifecycle, handle }) => ({
          calls$: lifecycle.start$.pipe(
            handle.switch((_start, run) => {
              resolve(run);
              return new Promise(() => undefined);
            }),
          ),
        }),
      }),
    );
  });
  return callWith((n) => run.call(double, { n }), atOnce, scale);
}

async function calledByMoleculer(atOnce: number, scale: number): Promise<Figures> {
  const broker = createBroker();
  broker.createService({
    name: 'math',
    actions: {
      double: {
        params: { n: 'number' },
        handler: async ({ params }: { params: { n: number } }) => 2 * params.n,
      },
    },
  });
  await broker.start();
  return callWith((n) => broker.call('math.double', { n }), atOnce, scale);
}

const SUBJECT = 'Subject, 100 filters';
const EMIT = 'moleculer emit';
const CALL = 'moleculer call';

// Moleculer's calls within one node check what they are given, and hand on the very object: nothing is copied.
const callCase = (what: string, atOnce: number, floor: number): BenchCase => ({
  name: `calls, ${what}`,
  sides: {
    kit: (scale) => calledByKit(atOnce, scale),
    [CALL]: (scale) => calledByMoleculer(atOnce, scale),
  },
  rows: [
    {
      name: `call round trip in memory, ${what}: CPU per call`,
      figure: 'cpu',
      unit: 'µs',
      per: 1000,
      target: { kind: 'less-than', rival: CALL, floor, aim: 1 },
    },
  ],
});

export const cases: readonly BenchCase[] = [
  {
    name: 'messages',
    sides: { kit: routedByKit, [SUBJECT]: routedByFilters, [EMIT]: routedByMoleculer },
    rows: [
      {
        name: 'topic routing, 1,000 topics, 100 subscribers: CPU per message',
        figure: 'cpu',
        unit: 'ns',
        per: 1,
        target: { kind: 'less-than', rival: SUBJECT, floor: 40, aim: 100 },
      },
      {
        name: 'topic routing, 1,000 topics, 100 subscribers: CPU per message',
        figure: 'cpu',
        unit: 'ns',
        per: 1,
        target: { kind: 'less-than', rival: EMIT, floor: 1, aim: 10 },
      },
    ],
  },
  callCase('one after another', 1, 0.5),
  callCase(`${AT_ONCE} at a time`, AT_ONCE, 0.9),
];
