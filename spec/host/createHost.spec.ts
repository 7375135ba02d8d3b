import { map, NEVER, tap } from 'rxjs';
import { type AgentError, type Clock, createHost, defineAgent, liveClock } from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const idle = (name = 'agent') => defineAgent({ name, streams: () => ({ never$: NEVER }) });

describe('createHost', () => {
  it('is called host by default, and runs nothing', () => {
    const host = createHost();
    expect(host.name).toBe('host');
    expect(host.agents.size).toBe(0);
    expect(host.ledger()).toEqual([]);
  });

  it.each([
    ['slack', { slack: -1 }],
    ['startTimeout', { startTimeout: 'soon' }],
    ['stopTimeout', { stopTimeout: Infinity }],
  ])('refuses a %s that is no duration', (_option, options) => {
    expect(() => createHost(options)).toThrow(expect.objectContaining({ code: 'bad-duration' }));
  });

  it(
    'gives its timeouts to the agents that have none of their own',
    marbleTest(async ({ clock }) => {
      const host = createHost({ clock, log: quiet, startTimeout: '1s', stopTimeout: '2s' });
      const cold = defineAgent({ name: 'cold', streams: () => ({}), readyWhen: () => NEVER });
      await expect(host.start(cold)).rejects.toMatchObject({ code: 'start-timeout' });
      expect(Date.now()).toBe(1000);
      const slow = await host.start(
        defineAgent({
          name: 'slow',
          streams: ({ lifecycle, handle }) => ({
            stop$: lifecycle.stop$.pipe(handle.merge((_e, { sleep }) => sleep('1h'))),
          }),
        }),
      );
      expect((await slow.stop()).left).toHaveLength(1);
      expect(Date.now()).toBe(3000);
      await host.stop();
    }),
  );

  it('runs on the machine’s own clock by default', async () => {
    const host = createHost({ log: quiet });
    const agent = await host.start(
      defineAgent({
        name: 'agent',
        streams: ({ lifecycle, time, handle }) => ({
          hello$: lifecycle.start$.pipe(
            time.after(1),
            handle.switch(async (_event, { sleep }) => {
              await sleep(1);
              return 'hello';
            }),
          ),
        }),
      }),
    );
    const hello = await new Promise((resolve) => agent.streams.hello$.subscribe(resolve));
    expect(hello).toBe('hello');
    expect((await host.stop()).left).toEqual([]);
  });

  it('arms nothing with its clock while nothing is to be waited for', async () => {
    const live = liveClock();
    let armed = 0;
    const counting: Clock = {
      now: () => live.now(),
      wallNow: () => live.wallNow(),
      wakeAt: (at, wake) => {
        armed++;
        return live.wakeAt(at, () => {
          armed--;
          wake();
        });
      },
      cancel: (wake) => {
        armed--;
        live.cancel(wake);
      },
    };
    const host = createHost({ clock: counting, log: quiet });
    await host.start(idle());
    expect(armed).toBe(0);
    await host.stop();
    expect(armed).toBe(0);
  });
});

describe('host.start', () => {
  it(
    'resolves when the agent is ready',
    marbleTest(async ({ host }) => {
      const agent = await host.start(idle());
      expect(agent.name).toBe('agent');
      expect(agent.state).toBe('ready');
      expect(host.agents.get('agent')).toBe(agent);
    }),
  );

  it(
    'refuses a second agent of one name, and the first goes on',
    marbleTest(async ({ host }) => {
      const first = await host.start(idle());
      await expect(host.start(idle())).rejects.toMatchObject({
        code: 'duplicate-agent',
        agent: 'agent',
        message: expect.stringContaining('agent runs in test already'),
      });
      expect(host.agents.get('agent')).toBe(first);
      expect(first.state).toBe('ready');
      await first.stop();
      await expect(host.start(idle())).resolves.toBeDefined();
    }),
  );

  it(
    'refuses a second agent of one name while the first one starts or stops',
    marbleTest(async ({ host }) => {
      const slow = defineAgent({
        name: 'agent',
        streams: ({ lifecycle, handle }) => ({
          stop$: lifecycle.stop$.pipe(handle.merge((_e, { sleep }) => sleep(5))),
        }),
      });
      const first = host.start(slow);
      await expect(host.start(slow)).rejects.toMatchObject({ code: 'duplicate-agent' });
      const stop = (await first).stop();
      await expect(host.start(slow)).rejects.toMatchObject({ code: 'duplicate-agent' });
      await stop;
      await expect(host.start(slow)).resolves.toBeDefined();
    }),
  );

  it(
    'starts agents in the order in which it is called',
    marbleTest(async ({ host }) => {
      const log: string[] = [];
      const noting = (name: string) =>
        defineAgent({
          name,
          streams: ({ lifecycle }) => ({
            setup$: lifecycle.setup$.pipe(tap(() => log.push(`${name} setup`))),
            start$: lifecycle.start$.pipe(tap(() => log.push(`${name} start`))),
          }),
        });
      await Promise.all(['a', 'b', 'c'].map((name) => host.start(noting(name))));
      expect(log).toEqual(['a setup', 'b setup', 'c setup', 'a start', 'b start', 'c start']);
    }),
  );
});

describe('host.errors$', () => {
  it(
    'gathers what goes wrong in all agents, and writes it to the log',
    marbleTest(async ({ clock }) => {
      const lines: unknown[] = [];
      const host = createHost({
        clock,
        log: { ...quiet, error: (message, fields) => lines.push([message, fields]) },
      });
      const errors: AgentError[] = [];
      host.errors$.subscribe((error) => errors.push(error));
      const failing = (name: string) =>
        defineAgent({
          name,
          streams: ({ lifecycle, handle }) => ({
            result$: lifecycle.start$.pipe(handle.merge(() => Promise.reject(new Error('no luck')))),
          }),
        });
      await host.start(failing('a'));
      await host.start(failing('b'));
      await clock.sleep(1);
      expect(errors.map(({ agent, code }) => `${agent} ${code}`)).toEqual([
        'a handler-failed',
        'b handler-failed',
      ]);
      expect(lines[0]).toEqual([
        'a.result$: result$ failed at attempt 1: no luck',
        { agent: 'a', stream: 'result$', code: 'handler-failed', cause: new Error('no luck') },
      ]);
      expect(lines).toHaveLength(2);
      await host.stop();
    }),
  );

  it(
    'is told once when the log throws',
    marbleTest(async ({ clock }) => {
      const fail = (): never => {
        throw new Error('disk full');
      };
      const host = createHost({ clock, log: { ...quiet, error: fail } });
      const errors: AgentError[] = [];
      host.errors$.subscribe((error) => errors.push(error));
      const agent = await host.start(
        defineAgent({
          name: 'agent',
          streams: ({ lifecycle, handle }) => ({
            result$: lifecycle.start$.pipe(handle.merge(() => Promise.reject(new Error('no luck')))),
          }),
        }),
      );
      await clock.sleep(1);
      expect(errors.map(({ message }) => message)).toEqual([
        'The log threw: disk full',
        'agent.result$: result$ failed at attempt 1: no luck',
      ]);
      expect(agent.state).toBe('ready');
      await host.stop();
    }),
  );
});

describe('host.ledger', () => {
  it(
    'names what is armed and in flight in all agents',
    marbleTest(async ({ host, clock }) => {
      const waiting = (name: string) =>
        defineAgent({
          name,
          streams: ({ lifecycle, time, handle }) => ({
            ticks$: lifecycle.start$.pipe(
              time.every('1m'),
              map(({ index }) => index),
            ),
            runs$: lifecycle.start$.pipe(handle.merge((_e, { sleep }) => sleep('1h'), { name: 'wait' })),
          }),
        });
      await host.start(waiting('a'));
      await host.start(waiting('b'));
      await clock.sleep('61s');
      const entries = (agent: string, run: number) => [
        { kind: 'timer', agent, stream: 'ticks$', timer: 'every', due: 120_000 },
        {
          kind: 'run',
          agent,
          stream: 'runs$',
          handler: 'wait',
          run,
          attempt: 1,
          since: 0,
          parked: [{ on: 'sleep', detail: '1h', since: 0 }],
          isAborted: false,
        },
      ];
      expect(host.ledger()).toEqual([...entries('a', 1), ...entries('b', 2)]);
    }),
  );
});
