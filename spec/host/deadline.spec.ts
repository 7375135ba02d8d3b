import { NEVER } from 'rxjs';
import { createHost, defineAgent } from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

const hanging = (name: string, needs: readonly string[]) =>
  defineAgent({
    name,
    needs,
    streams: ({ lifecycle, handle }) => ({
      stop$: lifecycle.stop$.pipe(handle.merge((_event, { sleep }) => sleep('1h'), { name: 'linger' })),
      finish$: lifecycle.finish$.pipe(handle.merge((_event, { sleep }) => sleep('1h'))),
    }),
  });

describe('stopDeadline', () => {
  it(
    'bounds the stop of a chain of fifty agents that hang, and all that was left is named',
    marbleTest(async ({ clock }) => {
      const host = createHost({ clock, log: quiet, stopTimeout: '5s', stopDeadline: '12s' });
      const names = Array.from({ length: 50 }, (_, index) => `a${index}`);
      await host.startAll(
        names.map((name, index) => hanging(name, names.slice(Math.max(0, index - 1), index))),
      );
      const { agents, left } = await host.stop();
      expect(Date.now()).toBe(12_000);
      expect(agents.map(({ agent }) => agent)).toEqual([...names].reverse());
      expect(new Set(left.map(({ agent }) => agent))).toEqual(new Set(names));
      expect(left[0]).toMatchObject({ agent: 'a49', stream: 'stop$', handler: 'linger' });
      expect(host.agents.size).toBe(0);
    }),
  );

  it(
    'is thirty seconds by default',
    marbleTest(async ({ clock }) => {
      const host = createHost({ clock, log: quiet, stopTimeout: '1h' });
      await host.startAll([hanging('a', [])]);
      await host.stop();
      expect(Date.now()).toBe(30_000);
    }),
  );

  it(
    'leaves no timer behind when all has stopped before',
    marbleTest(async ({ host }) => {
      await host.start(defineAgent({ name: 'idle', streams: () => ({ never$: NEVER }) }));
      await host.stop();
      expect(Date.now()).toBe(0);
    }),
  );

  it('has to be a duration', () => {
    expect(() => createHost({ stopDeadline: 'soon' })).toThrow(
      expect.objectContaining({ code: 'bad-duration' }),
    );
  });
});
