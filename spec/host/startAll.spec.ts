import fc from 'fast-check';
import { NEVER, tap } from 'rxjs';
import { createHost, defineAgent, group, withConfig } from 'rx-agent-kit';
import { marbleTest, runMarbles } from 'rx-agent-kit/testing';
import { z } from 'zod';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** Takes some time until it is ready, and until it has stopped, and notes when. */
function noting(log: string[], name: string, needs: readonly string[] = [], ms = 10) {
  return defineAgent({
    name,
    needs,
    streams: ({ lifecycle, handle, time }) => {
      const note = (what: string) => log.push(`${what} ${name} at ${time.now()}`);
      return {
        primed$: lifecycle.start$.pipe(
          tap(() => note('start')),
          handle.merge(async (_event, { sleep }) => {
            await sleep(ms);
            return true;
          }),
        ),
        ready$: lifecycle.ready$.pipe(tap(() => note('ready'))),
        stop$: lifecycle.stop$.pipe(
          tap(() => note('stop')),
          handle.merge((_event, { sleep }) => sleep(ms)),
        ),
        finish$: lifecycle.finish$.pipe(tap(() => note('finish'))),
      };
    },
    readyWhen: ({ primed$ }) => primed$,
  });
}

const idle = (name: string, needs: readonly string[] = []) =>
  defineAgent({ name, needs, streams: () => ({ never$: NEVER }) });

describe('host.startAll', () => {
  it(
    'starts each agent when those that it needs are ready, and stops it before them',
    marbleTest(async ({ host }) => {
      const log: string[] = [];
      await host.startAll([
        noting(log, 'panel', ['pump', 'meter']),
        noting(log, 'pump', ['meter'], 5),
        noting(log, 'meter'),
        noting(log, 'clock', [], 1),
      ]);
      expect(log).toEqual([
        'start meter at 0',
        'start clock at 0',
        'ready clock at 1',
        'ready meter at 10',
        'start pump at 10',
        'ready pump at 15',
        'start panel at 15',
        'ready panel at 25',
      ]);
      log.length = 0;
      await host.stop();
      expect(log).toEqual([
        'stop panel at 25',
        'stop clock at 25',
        'finish clock at 26',
        'finish panel at 35',
        'stop pump at 35',
        'finish pump at 40',
        'stop meter at 40',
        'finish meter at 50',
      ]);
    }),
  );

  it('keeps the order of fifty agents with random needs [B11]', async () => {
    const count = 50;
    // Each needs some of those before it, and they are listed in another order.
    const graphs = fc.tuple(
      fc.array(fc.array(fc.nat(count - 1), { maxLength: 4 }), { minLength: count, maxLength: count }),
      fc.shuffledSubarray(
        Array.from({ length: count }, (_, index) => index),
        { minLength: count },
      ),
      fc.array(fc.nat(20), { minLength: count, maxLength: count }),
    );
    await fc.assert(
      fc.asyncProperty(graphs, async ([wanted, listed, spans]) => {
        const needsOf = (index: number) => wanted[index]!.filter((need) => need < index);
        const log: string[] = [];
        await runMarbles(
          async ({ host }) => {
            const agents = listed.map((index) =>
              noting(
                log,
                `a${index}`,
                needsOf(index).map((need) => `a${need}`),
                spans[index],
              ),
            );
            await host.startAll(agents);
            await host.stop();
          },
          { assertsElsewhere: true },
        );
        const place = (what: string, index: number) =>
          log.findIndex((line) => line.startsWith(`${what} a${index} `));
        expect(log).toHaveLength(4 * count);
        for (let index = 0; index < count; index++) {
          for (const need of needsOf(index)) {
            expect(place('ready', need)).toBeLessThan(place('start', index));
            expect(place('finish', index)).toBeLessThan(place('stop', need));
          }
        }
      }),
      { numRuns: 15 },
    );
  });

  it(
    'refuses a cycle with its path, before anything has started [B11]',
    marbleTest(async ({ host }) => {
      const list = [
        idle('meter'),
        idle('a', ['meter', 'b']),
        idle('b', ['c']),
        idle('c', ['a']),
        idle('d', ['a']),
      ];
      await expect(host.startAll(list)).rejects.toMatchObject({
        code: 'cyclic-needs',
        agent: 'a',
        message: 'Nobody can start first: a needs b needs c needs a. Take out one of these needs.',
      });
      await expect(host.startAll([idle('self', ['self'])])).rejects.toMatchObject({
        message: expect.stringContaining('self needs self'),
      });
      expect(host.agents.size).toBe(0);
    }),
  );

  it(
    'refuses a cycle that a rest-for-one group makes, and says so',
    marbleTest(async ({ host }) => {
      const line = group({
        name: 'line',
        strategy: 'rest-for-one',
        agents: [idle('a', ['b']), idle('b')],
      });
      await expect(host.startAll([line])).rejects.toMatchObject({
        code: 'cyclic-needs',
        message: expect.stringContaining('In a rest-for-one group each agent needs the one before it, too.'),
      });
    }),
  );

  it(
    'refuses an unknown need with the names that there are, before anything has started',
    marbleTest(async ({ host }) => {
      await host.start(idle('clock'));
      await expect(host.startAll([idle('meter'), idle('gauge', ['metre'])])).rejects.toMatchObject({
        code: 'unknown-need',
        agent: 'gauge',
        message:
          'gauge needs metre, which is neither in the list nor ready in the host. There are: meter, clock.',
      });
      expect([...host.agents.keys()]).toEqual(['clock']);
    }),
  );

  it(
    'refuses a name that is given twice or runs already, and a config that does not fit, before anything has started',
    marbleTest(async ({ host }) => {
      await host.start(idle('clock'));
      const scale = defineAgent({
        name: 'scale',
        config: z.object({ max: z.number() }),
        streams: () => ({ never$: NEVER }),
      });
      await expect(host.startAll([idle('a'), idle('a')])).rejects.toMatchObject({ code: 'duplicate-agent' });
      await expect(host.startAll([idle('a'), idle('clock')])).rejects.toMatchObject({
        code: 'duplicate-agent',
      });
      await expect(
        host.startAll([idle('a'), withConfig(scale, { max: 'high' as never })]),
      ).rejects.toMatchObject({
        code: 'bad-config',
        agent: 'scale',
      });
      await expect(host.startAll([idle('a'), scale])).rejects.toMatchObject({ code: 'bad-config' });
      expect([...host.agents.keys()]).toEqual(['clock']);
    }),
  );

  it(
    'takes an agent that runs already for a need',
    marbleTest(async ({ host }) => {
      await host.start(idle('meter'));
      const [gauge] = await host.startAll([idle('gauge', ['meter'])]);
      expect(gauge.state).toBe('ready');
    }),
  );

  it(
    'stops what it has started when one fails, in reverse order, and does not start those that need it',
    marbleTest(async ({ host }) => {
      const log: string[] = [];
      const broken = defineAgent({
        name: 'broken',
        needs: ['meter'],
        streams: () => {
          throw new Error('no port');
        },
      });
      const start = host.startAll([
        noting(log, 'panel', ['broken']),
        broken,
        noting(log, 'pump', ['meter'], 5),
        noting(log, 'meter'),
      ]);
      await expect(start).rejects.toMatchObject({
        code: 'start-failed',
        agent: 'broken',
        cause: new Error('no port'),
        message: 'broken could not start, so none of the 4 agents runs: no port',
      });
      expect(log).toEqual([
        'start meter at 0',
        'ready meter at 10',
        'stop meter at 10',
        'finish meter at 20',
      ]);
      expect(host.agents.size).toBe(0);
      expect(host.health.status).not.toBe('bad');
    }),
  );

  it(
    'gives the handles in the shape of the list, with their types',
    marbleTest(async ({ host }) => {
      const scale = defineAgent({
        name: 'scale',
        config: z.object({ max: z.number() }),
        streams: ({ config$ }) => ({ config$ }),
      });
      const [clock, [one, two]] = await host.startAll([
        idle('clock'),
        group({ name: 'pair', agents: [withConfig(scale, { max: 3 }), idle('two')] }),
      ]);
      expect([clock.name, one.name, two.name]).toEqual(['clock', 'scale', 'two']);
      one.configure({ max: 5 });
      // @ts-expect-error -- it takes a number
      expect(() => one.configure({ max: 'high' })).toThrow();
      // @ts-expect-error -- it has no such stream
      expect(two.streams.config$).toBeUndefined();
    }),
  );

  it(
    'of nothing resolves',
    marbleTest(async ({ host }) => {
      expect(await host.startAll([])).toEqual([]);
    }),
  );

  it(
    'is refused by a host that stops',
    marbleTest(async ({ host }) => {
      await host.stop();
      await expect(host.startAll([idle('a')])).rejects.toMatchObject({ code: 'host-stopped' });
    }),
  );

  it(
    'ends with a stop in the midst of it, and nothing is left',
    marbleTest(async ({ clock }) => {
      const host = createHost({ clock, log: quiet });
      const log: string[] = [];
      const start = host.startAll([noting(log, 'a'), noting(log, 'b', ['a'])]);
      const refused = expect(start).rejects.toMatchObject({ code: 'start-failed', agent: 'a' });
      await clock.sleep(5);
      await host.stop();
      await refused;
      expect(log).toEqual(['start a at 0', 'stop a at 5', 'finish a at 15']);
      expect(host.ledger()).toEqual([]);
    }),
  );

  it(
    'starts and stops a chain of ten thousand',
    marbleTest(async ({ host }) => {
      const names = Array.from({ length: 10_000 }, (_, index) => `a${index}`);
      const list = names.map((name, index) => idle(name, index === 0 ? [] : [names[index - 1]!]));
      await host.startAll([...list].reverse());
      const { agents } = await host.stop();
      expect(agents.map(({ agent }) => agent)).toEqual([...names].reverse());
    }),
  );
});

describe('host.start', () => {
  it(
    'refuses an agent whose needs are not met, and says what to do',
    marbleTest(async ({ host }) => {
      const log: string[] = [];
      const gauge = idle('gauge', ['meter']);
      await expect(host.start(gauge)).rejects.toMatchObject({
        code: 'unmet-need',
        agent: 'gauge',
        message:
          'gauge needs meter, which does not run. Start it first, or both together: host.startAll([…]).',
      });
      const meter = host.start(noting(log, 'meter'));
      await expect(host.start(gauge)).rejects.toMatchObject({
        code: 'unmet-need',
        message: expect.stringContaining('which is not ready'),
      });
      await meter;
      expect((await host.start(gauge)).state).toBe('ready');
      log.length = 0;
      const { agents } = await host.stop();
      expect(agents.map(({ agent }) => agent)).toEqual(['gauge', 'meter']);
    }),
  );

  it(
    'of a marble test does not look at needs, so that an agent can be tested alone',
    marbleTest(async ({ start, clock }) => {
      const gauge = start(idle('gauge', ['meter']));
      await clock.sleep(1);
      expect(gauge.state).toBe('ready');
    }),
  );
});
