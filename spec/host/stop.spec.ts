import { NEVER, tap } from 'rxjs';
import { type AgentError, type AgentHandle, createHost, defineAgent } from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';

describe('host.stop', () => {
  it(
    'stops many agents, the last started first, and reports on each',
    marbleTest(async ({ host }) => {
      const log: string[] = [];
      const names = Array.from({ length: 50 }, (_, index) => `agent-${index}`);
      for (const name of names)
        await host.start(
          defineAgent({
            name,
            streams: ({ lifecycle, time }) => ({
              ticks$: lifecycle.start$.pipe(time.every('1s')),
              stop$: lifecycle.stop$.pipe(tap(({ agent }) => log.push(agent))),
            }),
          }),
        );
      const { agents, left } = await host.stop();
      expect(log).toEqual([...names].reverse());
      expect(agents.map(({ agent }) => agent)).toEqual(log);
      expect(left).toEqual([]);
      expect(host.agents.size).toBe(0);
      expect(host.ledger()).toEqual([]);
    }),
  );

  it(
    'of a host without agents resolves',
    marbleTest(async ({ host }) => {
      expect(await host.stop()).toEqual({ agents: [], left: [] });
    }),
  );

  it(
    'waits for the slowest, side by side',
    marbleTest(async ({ host }) => {
      for (const seconds of [1, 3, 2])
        await host.start(
          defineAgent({
            name: `takes ${seconds}`,
            streams: ({ lifecycle, handle }) => ({
              stop$: lifecycle.stop$.pipe(handle.merge((_e, { sleep }) => sleep(seconds * 1000))),
            }),
          }),
        );
      const { agents } = await host.stop();
      expect(Date.now()).toBe(3000);
      expect(agents.map(({ agent }) => agent)).toEqual(['takes 1', 'takes 2', 'takes 3']);
    }),
  );

  it(
    'names all that was left, of all agents',
    marbleTest(async ({ clock }) => {
      // The test's own host has to stop clean.
      const host = createHost({ clock });
      for (const name of ['a', 'b'])
        await host.start(
          defineAgent({
            name,
            streams: ({ lifecycle, handle }) => ({
              hangs$: lifecycle.stop$.pipe(handle.merge((_e, { sleep }) => sleep('1h'))),
            }),
            stopTimeout: name === 'a' ? '1s' : '2s',
          }),
        );
      const { left } = await host.stop();
      expect(left.map(({ agent, stream }) => `${agent}.${stream}`)).toEqual(['a.hangs$', 'b.hangs$']);
      expect(Date.now()).toBe(2000);
    }),
  );

  it(
    'is one stop, and no agent starts any more',
    marbleTest(async ({ host }) => {
      const idle = defineAgent({ name: 'agent', streams: () => ({ never$: NEVER }) });
      await host.start(idle);
      const stop = host.stop();
      expect(host.stop()).toBe(stop);
      await expect(host.start(idle)).rejects.toMatchObject({ code: 'host-stopped', agent: 'agent' });
      await stop;
      await expect(host.start(idle)).rejects.toMatchObject({ code: 'host-stopped' });
    }),
  );

  it(
    'is one stop, and starts no agent, even for those who hear of it first',
    marbleTest(async ({ host }) => {
      const codes: string[] = [];
      let stops = 0;
      const late = defineAgent({ name: 'late', streams: () => ({ never$: NEVER }) });
      const agent: AgentHandle = await host.start(
        defineAgent({
          name: 'agent',
          streams: ({ lifecycle }) => ({ stop$: lifecycle.stop$.pipe(tap(() => stops++)) }),
        }),
      );
      agent.state$.subscribe((phase) => {
        if (phase !== 'stopping') return;
        void host.stop();
        host.start(late).catch((error: unknown) => codes.push((error as AgentError).code));
      });
      const { agents } = await host.stop();
      expect(agents).toEqual([{ agent: 'agent', left: [] }]);
      expect(stops).toBe(1);
      expect(codes).toEqual(['host-stopped']);
    }),
  );

  it(
    'leaves out an agent that has stopped before, and waits for one that is stopping',
    marbleTest(async ({ host }) => {
      const slow = (name: string) =>
        defineAgent({
          name,
          streams: ({ lifecycle, handle }) => ({
            stop$: lifecycle.stop$.pipe(handle.merge((_e, { sleep }) => sleep('1s'))),
          }),
        });
      await (await host.start(slow('stopped'))).stop();
      void (await host.start(slow('stopping'))).stop();
      expect((await host.stop()).agents).toEqual([{ agent: 'stopping', left: [] }]);
      expect(Date.now()).toBe(2000);
    }),
  );
});
