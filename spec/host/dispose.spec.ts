import { createHost, defineAgent, silentLog } from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';

const ends: string[] = [];
const worker = defineAgent({
  name: 'worker',
  streams: ({ lifecycle, time, handle }) => ({
    work$: lifecycle.start$.pipe(
      time.every('1s'),
      handle.switch(async (_tick, { sleep }) => {
        try {
          await sleep('1h');
        } finally {
          ends.push('aborted');
        }
      }),
    ),
    bye$: lifecycle.stop$.pipe(
      handle.concat(async (_stop, { sleep }) => sleep('2s').then(() => ends.push('bye'))),
    ),
  }),
});

beforeEach(() => (ends.length = 0));

describe('await using', () => {
  it(
    'stops a host at the end of its block, and waits for that',
    marbleTest(async ({ clock }) => {
      let used;
      {
        await using host = createHost({ log: silentLog });
        await host.start(worker);
        await clock.sleep('1500ms');
        used = host;
      }
      expect(clock.now()).toBe(3500);
      expect(ends).toEqual(['aborted', 'bye']);
      expect(used.agents.size).toBe(0);
      expect(used.ledger()).toEqual([]);
      await expect(used.start(worker)).rejects.toMatchObject({ code: 'host-stopped' });
    }),
  );

  it(
    'stops it when the block is left by an error, and passes that on',
    marbleTest(async ({ clock }) => {
      const boom = new Error('boom');
      let agent;
      const program = async (): Promise<never> => {
        await using host = createHost({ log: silentLog });
        agent = await host.start(worker);
        await clock.sleep('1500ms');
        throw boom;
      };
      await expect(program()).rejects.toBe(boom);
      expect(agent).toMatchObject({ state: 'stopped' });
      expect(ends).toEqual(['aborted', 'bye']);
    }),
  );

  it(
    'stops an agent, and leaves its host at work',
    marbleTest(async ({ host, clock }) => {
      {
        await using agent = await host.start(worker);
        expect(agent.state).toBe('ready');
        await clock.sleep('1500ms');
      }
      expect(ends).toEqual(['aborted', 'bye']);
      expect(host.agents.size).toBe(0);
      const again = await host.start(worker);
      await again[Symbol.asyncDispose]();
      expect(again.state).toBe('stopped');
    }),
  );

  it(
    'is one stop with any other',
    marbleTest(async ({ host }) => {
      const agent = await host.start(worker);
      const [, report] = await Promise.all([agent[Symbol.asyncDispose](), agent.stop()]);
      expect(report).toEqual({ agent: 'worker', left: [] });
      await agent[Symbol.asyncDispose]();
      expect(ends).toEqual(['bye']);
    }),
  );
});
