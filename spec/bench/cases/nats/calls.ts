import { defineAgent, procedure } from 'rx-agent-kit';
import { z } from 'zod';
import type { BenchCase, Figures } from '../../harness/BenchCase';
import { expectCount, percentile } from '../../harness/measure';
import { Peer, type Role } from '../../harness/Peer';
import { hostOn, openRun, RAW, withClient, withServer } from './overNats';

// One process calls, another one serves.

const ONE_BY_ONE = 5000;
const AT_ONCE = 100;
const CALLS = 60_000;
const SUBJECT = 'math.double';

const double = procedure('math/double', { input: z.object({ n: z.number() }), output: z.number() });

type Call = (n: number) => Promise<number>;

async function callWith(call: Call, scale: number): Promise<Figures> {
  let sum = 0;
  let done = 0;
  const many = async (count: number): Promise<void> => {
    for (const end = done + count; done < end; done += AT_ONCE)
      for (const answer of await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => call(done + n))))
        sum += answer;
  };
  await many(10_000);
  const spans = new Float64Array(ONE_BY_ONE * scale);
  for (const n of spans.keys()) {
    const start = performance.now();
    sum += await call(done++);
    spans[n] = performance.now() - start;
  }
  const start = performance.now();
  const count = CALLS * scale;
  await many(count);
  const each = ((performance.now() - start) * 1e6) / count;
  expectCount(sum, done * (done - 1));
  return { p50: percentile(spans, 0.5), p99: percentile(spans, 0.99), each };
}

export const callRoles: Readonly<Record<string, Role>> = {
  'kit server': async (say, servers = '') => {
    const server = defineAgent({
      name: 'server',
      streams: ({ bus }) => ({ double$: bus.serve(double, async ({ n }) => 2 * n) }),
    });
    await hostOn(servers, 'server').start(server);
    say();
  },
  'raw server': (say, servers = '') =>
    withClient(servers, async (client) => {
      client.subscribe(SUBJECT, {
        queue: 'q',
        callback: (_error, message) => {
          message.respond(JSON.stringify(2 * message.json<{ n: number }>().n));
        },
      });
      await client.flush();
      say();
      await client.closed();
    }),
};

const kit = (scale: number): Promise<Figures> =>
  withServer(async (servers) => {
    await Peer.start('kit server', servers);
    const run = await openRun(hostOn(servers, 'caller'));
    return callWith((n) => run.call(double, { n }), scale);
  });

const raw = (scale: number): Promise<Figures> =>
  withServer(async (servers) => {
    await Peer.start('raw server', servers);
    return withClient(servers, (client) =>
      callWith(
        async (n) =>
          (await client.request(SUBJECT, JSON.stringify({ n }), { timeout: 10_000 })).json<number>(),
        scale,
      ),
    );
  });

export const callCases: readonly BenchCase[] = [
  {
    name: 'NATS, calls',
    sides: { kit, [RAW]: raw },
    rows: [
      {
        name: 'NATS, call round trip to another process, one at a time: p50',
        figure: 'p50',
        unit: 'ms',
        per: 1,
        target: { kind: 'less-than', rival: RAW, floor: 0.8, aim: 0.91 },
      },
      {
        name: 'NATS, call round trip to another process, one at a time: p99',
        figure: 'p99',
        unit: 'ms',
        per: 1,
        target: { kind: 'none', rival: RAW },
      },
      {
        name: `NATS, calls to another process, ${AT_ONCE} at a time: time each`,
        figure: 'each',
        unit: 'µs',
        per: 1000,
        target: { kind: 'less-than', rival: RAW, floor: 1, aim: 2 },
      },
    ],
  },
];
