import { EMPTY, NEVER, type Observable, of, throwError } from 'rxjs';
import { defineAgent, type Duration, type Streams } from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';

const agentOf = (readyWhen: (streams: { warm$: Observable<unknown> }) => unknown, startTimeout?: Duration) =>
  defineAgent({
    name: 'agent',
    streams: ({ lifecycle, time }) => ({
      warm$: lifecycle.start$.pipe(time.after(5)),
      ready$: lifecycle.ready$,
    }),
    readyWhen: readyWhen as (streams: Streams) => Observable<unknown>,
    ...(startTimeout !== undefined && { startTimeout }),
  });

describe('readyWhen', () => {
  it(
    'lets the start resolve when it has emitted',
    marbleTest(async ({ host, expectObservable }) => {
      const start = host.start(agentOf(({ warm$ }) => warm$));
      expectObservable(host.agents.get('agent')!.streams['ready$']!).toBe('-----r', {
        r: { type: 'ready', agent: 'agent', at: 5 },
      });
      expect(host.agents.get('agent')?.health.status).toBe('starting');
      const agent = await start;
      expect(Date.now()).toBe(5);
      expect(agent.state).toBe('ready');
      expect(agent.health).toMatchObject({ status: 'good', since: 5 });
    }),
  );

  it(
    'may emit before the start, even while the streams are subscribed',
    marbleTest(async ({ host }) => {
      const early = defineAgent({
        name: 'early',
        streams: () => ({ now$: of(1) }),
        readyWhen: ({ now$ }) => now$,
      });
      expect((await host.start(early)).state).toBe('ready');
      expect(Date.now()).toBe(0);
    }),
  );

  it(
    'that never emits lets the start fail at its deadline, and the agent is stopped',
    marbleTest(async ({ host }) => {
      const codes: string[] = [];
      host.errors$.subscribe(({ code }) => codes.push(code));
      await expect(host.start(agentOf(() => NEVER, '2s'))).rejects.toMatchObject({
        code: 'start-timeout',
        agent: 'agent',
        message: expect.stringContaining('not ready after 2s'),
      });
      expect(Date.now()).toBe(2000);
      expect(codes).toEqual(['start-timeout']);
      expect(host.agents.size).toBe(0);
      expect(host.ledger()).toEqual([]);
    }),
  );

  it(
    'has the host’s deadline by default: 30s',
    marbleTest(async ({ host }) => {
      await expect(host.start(agentOf(() => EMPTY))).rejects.toMatchObject({ code: 'start-timeout' });
      expect(Date.now()).toBe(30_000);
    }),
  );

  it(
    'leaves no deadline behind when it has emitted, or when the agent is stopped before',
    marbleTest(async ({ host, clock }) => {
      const size = () => (host as unknown as { scheduler: { size: number } }).scheduler.size;
      await host.start(agentOf(({ warm$ }) => warm$));
      expect(size()).toBe(0);
      await host.agents.get('agent')?.stop();
      const start = host.start(agentOf(() => NEVER));
      await clock.sleep(1);
      await Promise.all([
        host.agents.get('agent')?.stop(),
        expect(start).rejects.toMatchObject({ code: 'agent-stopped' }),
      ]);
      expect(size()).toBe(0);
    }),
  );

  it(
    'that fails ends the agent and rejects the start',
    marbleTest(async ({ host }) => {
      await expect(host.start(agentOf(() => throwError(() => new Error('cold'))))).rejects.toThrow('cold');
      expect(host.agents.size).toBe(0);
    }),
  );

  it.each([undefined, 1, Promise.resolve()])('is refused when it gives no Observable but %p', (given) =>
    marbleTest(async ({ host }) => {
      await expect(host.start(agentOf(() => given))).rejects.toMatchObject({
        code: 'not-an-observable',
        message: expect.stringContaining('agent.readyWhen'),
      });
      expect(host.agents.size).toBe(0);
    })(),
  );

  it(
    'is let go of after it has emitted',
    marbleTest(async ({ host, hot, expectSubscriptions }) => {
      const ready$ = hot('---r---r');
      const subscription = '^--!';
      await host.start(agentOf(() => ready$));
      expectSubscriptions(ready$.subscriptions).toBe(subscription);
    }),
  );
});
