import { map, tap } from 'rxjs';
import { z } from 'zod';
import { defineAgent, type Host, topic } from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';

/** `HOSTS=1000 npx jest spec/testing/network/manyHosts` tries more. */
const HOSTS = Number(process.env['HOSTS'] ?? 200);
const ROUNDS = 10;

const reading = topic('devices/:host', z.object({ celsius: z.number() }));

/** Each host has one: it tells something every second. */
const meter = defineAgent({
  name: 'meter',
  config: z.object({ host: z.string() }),
  streams: ({ lifecycle, time, bus, config }) => ({
    told$: lifecycle.start$.pipe(
      time.every('1s'),
      tap(({ index }) => bus.publish(reading.at({ host: config.host }), { celsius: index })),
    ),
  }),
});

/** One of all hosts has it: it hears all of them. */
const collector = defineAgent({
  name: 'collector',
  singleton: { lease: '5s' },
  streams: ({ bus }) => ({ heard$: bus.messages(reading).pipe(map(({ params }) => params.host)) }),
});

describe(`${HOSTS} hosts of one marble test`, () => {
  it(
    'share a singleton that hears each of them, and that another one takes over',
    marbleTest(
      async ({ host, clock }) => {
        const began = { cpu: process.cpuUsage(), heap: process.memoryUsage().heapUsed };
        const hosts: Host[] = Array.from({ length: HOSTS }, (_, n) => (n === 0 ? host : host(`h${n}`)));
        const heard = new Map<string, number>();
        const runners: string[] = [];
        for (const each of hosts) {
          each.outputs$.subscribe(({ stream, value }) => {
            if (stream === 'heard$') heard.set(value as string, (heard.get(value as string) ?? 0) + 1);
          });
        }
        await Promise.all(
          hosts.map(async (each) => {
            await each.start(meter, { host: each.name });
            const { state$ } = await each.start(collector);
            state$.subscribe((state) => {
              if (state === 'ready') runners.push(each.name);
            });
          }),
        );
        await clock.sleep(`${ROUNDS}s`);
        expect(runners).toHaveLength(1);
        expect(heard.size).toBe(HOSTS);
        await hosts.find(({ name }) => name === runners[0])?.stop();
        heard.clear();
        await clock.sleep('10s');
        expect(runners).toHaveLength(2);
        expect(heard.size).toBe(HOSTS - 1);
        const { user, system } = process.cpuUsage(began.cpu);
        const grown = process.memoryUsage().heapUsed - began.heap;
        console.log(
          `${HOSTS} hosts: ${((user + system) / 1e6).toFixed(1)} s of CPU, ${(grown / 1e6).toFixed(0)} MB for 20 virtual seconds`,
        );
      },
      { network: { latency: '1ms..30ms' } },
    ),
    120_000,
  );
});
