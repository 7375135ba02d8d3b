import {
  createHost,
  defineAgent,
  type Host,
  type Leases,
  memoryLeases,
  seededRandom,
  silentLog,
} from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';

const SPAN = 10_000;

/** What becomes of what a host asks: it takes its time, and is lost on the way there or on the way back. */
function lossy(leases: Leases, random: () => number, isCut: () => boolean, isCalm: () => boolean): Leases {
  const way = async <V>(work: () => Promise<V>): Promise<V> => {
    if (isCalm()) return work();
    const pass = () => new Promise((resolve) => setTimeout(resolve, random() ** 4 * 4000));
    const fails = () => isCut() || random() < 0.15;
    await pass();
    if (fails()) throw new Error('lost on the way there');
    const answer = await work();
    await pass();
    if (fails()) throw new Error('lost on the way back');
    return answer;
  };
  return {
    open: async (host, context) => {
      const open = await leases.open(host, context);
      return {
        read: (name) => way(() => open.read(name)),
        write: (name, holder, after) => way(() => open.write(name, holder, after)),
        close: () => open.close(),
      };
    },
  };
}

describe('a singleton on three hosts', () => {
  it.each(Array.from({ length: 20 }, (_, n) => n + 1))(
    'never runs on two of them, and runs on, whatever is late, lost or cut off (seed %i)',
    (seed) =>
      marbleTest(
        async ({ clock }) => {
          const random = seededRandom(seed);
          const leases = memoryLeases();
          const cut = new Set<string>();
          const weather = { isCalm: false };
          const running = new Set<string>();
          const together: string[] = [];
          let begun = 0;
          const hosts: Host[] = ['a', 'b', 'c'].map((name) =>
            createHost({
              name,
              leases: lossy(
                leases,
                random,
                () => cut.has(name),
                () => weather.isCalm,
              ),
              log: silentLog,
              random,
            }),
          );
          for (const { name, start } of hosts.map((host) => ({
            name: host.name,
            start: host.start.bind(host),
          }))) {
            const agent = await start(
              defineAgent({
                name: 'one',
                singleton: { lease: SPAN },
                streams: ({ lifecycle: { start$ } }) => ({ start$ }),
              }),
            );
            agent.state$.subscribe((state) => {
              if (state === 'start') begun++;
              if (state === 'start' || state === 'ready') running.add(name);
              else if (state === 'standby') running.delete(name);
              if (running.size > 1) together.push(`${[...running].join()} at ${clock.now()}`);
            });
          }
          for (let n = 0; n < 60; n++) {
            const name = 'abc'[Math.floor(random() * 3)]!;
            if (random() < 0.5) cut.add(name);
            else cut.delete(name);
            await clock.sleep(Math.floor(random() * SPAN));
          }
          weather.isCalm = true;
          await clock.sleep(4 * SPAN);
          expect(together).toEqual([]);
          expect(begun).toBeGreaterThan(1);
          expect(running.size).toBe(1);
          for (const host of hosts) await host.stop();
        },
        { maxHold: '10s' },
      )(),
  );
});
