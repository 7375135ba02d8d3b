import { interval, map, NEVER, of, Subject, tap } from 'rxjs';
import {
  type AgentError,
  createHost,
  defineAgent,
  type HandlerOptions,
  type Host,
  type RestartOptions,
  silentLog,
  type TraceEvent,
} from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';
import { z } from 'zod';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const steady: RestartOptions = { max: 3, within: '5s', backoff: { from: '100ms', factor: 1, jitter: 0 } };

/** Counts the ticks of a life, and throws at a certain one. */
const ticking = (restart?: RestartOptions, throwsAt = 3, name = 'ticking') =>
  defineAgent({
    name,
    ...(restart && { restart }),
    streams: ({ lifecycle, time }) => ({
      tick$: lifecycle.start$.pipe(
        time.every(10),
        map(({ index }) => {
          if (index === throwsAt) throw new Error(`at tick ${index}`);
          return index;
        }),
      ),
    }),
  });

const failing = (options: HandlerOptions, restart?: RestartOptions) =>
  defineAgent({
    name: 'failing',
    ...(restart && { restart }),
    streams: ({ lifecycle, time, handle }) => ({
      run$: lifecycle.start$.pipe(
        time.after(10),
        handle.switch(async () => Promise.reject(new Error('no luck')), options),
      ),
    }),
  });

function codesOf(host: Host): string[] {
  const codes: string[] = [];
  host.errors$.subscribe(({ code, agent }) => codes.push(`${agent} ${code}`));
  return codes;
}

describe('An agent with a restart', () => {
  it(
    'is said in the log to come back, whatever the log does',
    marbleTest(async ({ clock }) => {
      const lines: unknown[] = [];
      const warn = (message: string, fields?: object): never => {
        lines.push([message, fields]);
        throw new Error('full');
      };
      const host = createHost({ clock, log: { ...silentLog, warn } });
      const codes = codesOf(host);
      const agent = await host.start(ticking(steady));
      await clock.sleep(140);
      expect(agent.state).toBe('ready');
      await host.stop();
      expect(lines).toEqual([
        ['ticking starts again in 100ms', expect.objectContaining({ agent: 'ticking', restart: 1 })],
      ]);
      expect(codes).toEqual(['ticking stream-failed', 'undefined observer-failed']);
    }),
  );

  it(
    'waits as long as it is told to, where that is longer than the longest wait there is by itself',
    marbleTest(({ start, expectObservable }) => {
      const agent = start(ticking({ max: 1, backoff: { from: '1m', factor: 1, jitter: 0 } }));
      expectObservable(agent.streams.tick$, '^ 1m45ms !').toBe('10ms a 9ms b 60019ms a', { a: 1, b: 2 });
    }),
  );

  it(
    'begins again after the backoff when a stream of it fails, and its handle goes on',
    marbleTest(async ({ start, host, clock, expectObservable }) => {
      const agent = start(ticking(steady));
      expectObservable(agent.streams.tick$).toBe('10ms a 9ms b 119ms a 9ms b 9ms |', { a: 1, b: 2 });
      const log: string[] = [];
      agent.state$.subscribe((phase) => log.push(`${Date.now()} ${phase}`));
      agent.health$.subscribe(({ status, reason }) => log.push(`${Date.now()} ${status} ${reason ?? ''}`));
      await clock.sleep(160 - 1);
      expect(host.agents.get('ticking')).toBe(agent);
      await clock.sleep(1);
      await agent.stop();
      const why = 'ticking.tick$ failed: at tick 3.';
      expect(log.map((line) => line.replace(/(tick 3\.).*/, '$1'))).toEqual([
        '0 setup',
        '0 starting ',
        '0 configured',
        '0 start',
        '0 ready',
        '0 good ',
        `30 bad ${why}`,
        '30 stopping',
        '30 finish',
        '30 restarting',
        '130 setup',
        '130 configured',
        '130 start',
        '130 ready',
        '130 good ',
        `160 bad ${why}`,
        '160 stopping',
        '160 finish',
        '160 restarting',
        `160 stopped `,
        '160 stopped',
      ]);
    }),
  );

  it(
    'throws every third event while the output of another is unchanged',
    marbleTest(({ start, expectObservable }) => {
      const agent = start(ticking({ ...steady, max: Infinity }));
      const other = start(ticking(undefined, Infinity, 'other'));
      const diagram = '10ms a 9ms b 119ms a 9ms b 119ms a 9ms b 9ms -';
      expectObservable(agent.streams.tick$, '^ 299ms !').toBe(diagram, { a: 1, b: 2 });
      expectObservable(other.streams.tick$, '^ 41ms !').toBe('10ms a 9ms b 9ms c 9ms d', {
        a: 1,
        b: 2,
        c: 3,
        d: 4,
      });
    }),
  );

  it(
    'escalates once after four crashes within five seconds, and the host says so',
    marbleTest(async ({ start, host, clock, expectObservable }) => {
      const codes = codesOf(host);
      const agent = start(ticking(steady));
      expectObservable(agent.streams.tick$).toBe(
        '10ms a 9ms b 119ms a 9ms b 119ms a 9ms b 119ms a 9ms b 9ms |',
        {
          a: 1,
          b: 2,
        },
      );
      const own: AgentError[] = [];
      agent.errors$.subscribe((error) => own.push(error));
      await clock.sleep('1m');
      expect(codes).toEqual([...Array<string>(4).fill('ticking stream-failed'), 'ticking restart-limit']);
      expect(own.at(-1)).toMatchObject({ code: 'restart-limit', agent: 'ticking' });
      expect(own.at(-1)!.message).toMatch(
        /^ticking has failed 4 times within 5s, one more than restart.max: it is not started again. The last failure: ticking.tick\$ failed: at tick 3/,
      );
      expect(agent.state).toBe('failed');
      expect(agent.health).toMatchObject({ status: 'stopped', reason: own.at(-1)!.message });
      expect(host.health).toEqual({
        status: 'bad',
        reason: expect.stringMatching(/^ticking has failed: ticking has failed 4 times/),
        since: 420,
      });
      expect(host.agents.size).toBe(0);
      expect(host.ledger()).toEqual([]);
      await host.start(ticking(undefined, Infinity));
      expect(host.health.status).toBe('good');
    }),
  );

  it(
    'may crash for ever, if not too often',
    marbleTest(async ({ start, host, clock }) => {
      const codes = codesOf(host);
      start(ticking({ max: 1, within: '100ms', backoff: { from: '75ms', factor: 1, jitter: 0 } }));
      await clock.sleep('10s');
      expect(codes.length).toBeGreaterThan(50);
      expect(new Set(codes)).toEqual(new Set(['ticking stream-failed']));
    }),
  );

  it(
    'waits longer from one crash to the next, and anew after a life that has lasted',
    marbleTest(async ({ start, host, clock }) => {
      const planned: string[] = [];
      host.trace$.subscribe((event: TraceEvent) => {
        if (event.type === 'restart-planned') planned.push(`${event.restart}: ${event.due - event.at}`);
      });
      let lives = 0;
      start(
        defineAgent({
          name: 'agent',
          restart: { max: Infinity, within: '10s', backoff: { from: '1s', to: '5s', jitter: 0 } },
          streams: ({ scheduler }) => ({
            fails$: interval(++lives === 5 ? 11_000 : 1, scheduler).pipe(
              map(() => {
                throw new Error('again');
              }),
            ),
          }),
        }),
      );
      await clock.sleep('30s');
      expect(planned.slice(0, 6)).toEqual(['1: 1000', '2: 2000', '3: 4000', '4: 5000', '1: 1000', '2: 2000']);
    }),
  );

  it(
    'keeps its config over a restart',
    marbleTest(async ({ host, clock }) => {
      const fail$ = new Subject<never>();
      const seen: unknown[] = [];
      const agent = await host.start(
        defineAgent({
          name: 'agent',
          restart: steady,
          config: z.object({ level: z.number().transform(String) }),
          streams: ({ config$, config }) => ({
            fail$,
            level$: config$.pipe(tap(({ level }) => seen.push(level, config.level))),
          }),
        }),
        { level: 1 },
      );
      agent.configure({ level: 2 });
      await clock.sleep(1);
      fail$.error(new Error('down'));
      await clock.sleep(1);
      expect(agent.state).toBe('restarting');
      agent.configure({ level: 3 });
      expect(() => agent.configure({ level: 'high' as never })).toThrow('level');
      await clock.sleep(1);
      expect(seen).toEqual(['1', '1', '2', '2']);
    }),
  );

  it(
    'is given the config that came while it was down',
    marbleTest(async ({ host, clock }) => {
      const seen: unknown[] = [];
      let fail$ = new Subject<never>();
      const agent = await host.start(
        defineAgent({
          name: 'agent',
          restart: steady,
          config: z.object({ level: z.number() }),
          streams: ({ config$ }) => ({
            fail$: (fail$ = new Subject<never>()),
            level$: config$.pipe(tap(({ level }) => seen.push(level))),
          }),
        }),
        { level: 1 },
      );
      fail$.error(new Error('down'));
      await clock.sleep(1);
      agent.configure({ level: 2 });
      await clock.sleep(100);
      expect(agent.state).toBe('ready');
      agent.configure({ level: 3 });
      await clock.sleep(1);
      expect(seen).toEqual([1, 2, 3]);
    }),
  );

  it(
    'leaves nothing of a former life: no timer, no run, no subscription',
    marbleTest(async ({ host, clock }) => {
      let open = 0;
      const log: string[] = [];
      let life = 0;
      const agent = await host.start(
        defineAgent({
          name: 'agent',
          restart: steady,
          streams: ({ lifecycle, time, handle, scheduler, signal }) => {
            const number = ++life;
            const note = (what: string) => log.push(`${number} ${what} at ${time.now()}`);
            signal.addEventListener('abort', () => note('aborted'));
            scheduler.schedule(() => note('scheduled'), 60);
            return {
              source$: NEVER.pipe(tap({ subscribe: () => open++, unsubscribe: () => open-- })),
              late$: lifecycle.start$.pipe(
                time.after(50),
                tap(() => note('timer')),
              ),
              slow$: lifecycle.start$.pipe(
                handle.merge(async (_event, { sleep }) => {
                  await sleep(55).finally(() => note('run'));
                }),
              ),
              stop$: lifecycle.stop$.pipe(
                handle.merge(async (_event, { sleep }) => {
                  await sleep(5);
                  note('stopped');
                }),
              ),
              finish$: lifecycle.finish$.pipe(tap(() => note('finished'))),
              fail$: lifecycle.start$.pipe(
                time.after(number === 1 ? 30 : 1000),
                map(() => {
                  throw new Error('down');
                }),
              ),
            };
          },
        }),
      );
      await clock.sleep(40);
      expect(agent.state).toBe('restarting');
      expect(open).toBe(0);
      expect(agent.ledger()).toEqual([
        { kind: 'timer', agent: 'agent', stream: '(restart)', timer: 'restart', due: 135 },
      ]);
      expect(host.ledger()).toEqual(agent.ledger());
      await clock.sleep(200);
      expect(open).toBe(1);
      expect(log).toEqual([
        '1 run at 30',
        '1 stopped at 35',
        '1 finished at 35',
        '1 aborted at 35',
        '2 timer at 185',
        '2 run at 190',
        '2 scheduled at 195',
      ]);
      await agent.stop();
      expect(open).toBe(0);
      expect(host.ledger()).toEqual([]);
    }),
  );

  it(
    'is not restarted when it is stopped in the backoff, or while it goes down',
    marbleTest(async ({ host, clock }) => {
      const agent = await host.start(ticking(steady));
      await clock.sleep(50);
      expect(agent.state).toBe('restarting');
      expect(await agent.stop()).toEqual({ agent: 'ticking', left: [] });
      expect(agent.state).toBe('stopped');
      expect(host.agents.size).toBe(0);
      expect(host.health.status).toBe('good');
      await clock.sleep(200);
      expect(agent.state).toBe('stopped');
      expect(() => agent.configure(undefined)).toThrow(expect.objectContaining({ code: 'agent-stopped' }));
    }),
  );

  it(
    'is gone at once when its host stops in the backoff',
    marbleTest(async ({ clock }) => {
      const host = createHost({ clock, log: quiet });
      const agent = await host.start(ticking(steady));
      await clock.sleep(50);
      expect((await host.stop()).agents).toEqual([{ agent: 'ticking', left: [] }]);
      expect(agent.state).toBe('stopped');
      expect(host.health.status).toBe('stopped');
      expect(Date.now()).toBe(50);
    }),
  );

  it(
    'counts a restart that fails in its set-up, its start or its readiness as one more failure',
    marbleTest(async ({ host, clock }) => {
      const codes = codesOf(host);
      const fail$ = new Subject<never>();
      let life = 0;
      const agent = await host.start(
        defineAgent({
          name: 'agent',
          restart: steady,
          startTimeout: 50,
          streams: ({ lifecycle }) => {
            life++;
            if (life === 2) throw new Error('no set-up');
            return {
              ready$: life === 4 ? NEVER : of(true),
              start$: lifecycle.start$.pipe(
                tap(() => {
                  if (life === 3) throw new Error('no start');
                }),
              ),
              fail$: life === 1 ? fail$ : NEVER,
            };
          },
          readyWhen: ({ ready$ }) => ready$,
        }),
      );
      fail$.error(new Error('down'));
      await clock.sleep('1s');
      expect(codes).toEqual([
        'agent stream-failed',
        'agent setup-failed',
        'agent stream-failed',
        'agent start-timeout',
        'agent restart-limit',
      ]);
      expect(life).toBe(4);
      expect(agent.state).toBe('failed');
    }),
  );

  it(
    'is not restarted when it fails in its first start: that is told to the one who starts it',
    marbleTest(async ({ host, clock }) => {
      let lives = 0;
      const start = host.start(
        defineAgent({
          name: 'agent',
          restart: steady,
          streams: ({ lifecycle }) => {
            lives++;
            return {
              start$: lifecycle.start$.pipe(
                map(() => {
                  throw new Error('no start');
                }),
              ),
            };
          },
        }),
      );
      await expect(start).rejects.toMatchObject({ code: 'stream-failed' });
      await clock.sleep('1m');
      expect(lives).toBe(1);
      expect(host.agents.size).toBe(0);
      expect(host.health.status).not.toBe('bad');
    }),
  );

  it(
    'says what had not ended when its life was cut off',
    marbleTest(async ({ clock }) => {
      const host = createHost({ clock, log: quiet });
      const messages: string[] = [];
      host.errors$.subscribe(({ code, message }) => messages.push(`${code}: ${message}`));
      await host.start(
        defineAgent({
          name: 'agent',
          restart: steady,
          stopTimeout: 20,
          streams: ({ lifecycle, time, handle }) => ({
            hangs$: lifecycle.stop$.pipe(
              handle.merge(async function linger(_event, { sleep }) {
                await sleep('1h');
              }),
            ),
            fail$: lifecycle.start$.pipe(
              time.after(10),
              map(() => {
                throw new Error('down');
              }),
            ),
          }),
        }),
      );
      await clock.sleep(100);
      expect(messages.at(-1)).toBe(
        'stop-timeout: agent is restarted, but what had not ended by its stopTimeout was cut off: hangs$: linger',
      );
      await host.stop();
    }),
  );
});

describe('onError', () => {
  it(
    'restart restarts the agent by its own restart',
    marbleTest(async ({ start, host, clock }) => {
      const codes = codesOf(host);
      const agent = start(failing({ onError: 'restart' }, steady));
      await clock.sleep(120);
      expect(agent.state).toBe('ready');
      await clock.sleep('1s');
      expect(codes).toEqual([...Array<string>(4).fill('failing handler-failed'), 'failing restart-limit']);
    }),
  );

  it(
    'restart restarts it by the default without one',
    marbleTest(async ({ start, host, clock }) => {
      const codes = codesOf(host);
      const agent = start(failing({ onError: 'restart' }));
      await clock.sleep('2m');
      expect(codes).toEqual([...Array<string>(6).fill('failing handler-failed'), 'failing restart-limit']);
      expect(agent.state).toBe('failed');
    }),
  );

  it(
    'stop stops it for good, whatever its restart',
    marbleTest(async ({ start, clock }) => {
      const agent = start(failing({ onError: 'stop' }, steady));
      await clock.sleep(20);
      expect(agent.state).toBe('failed');
    }),
  );

  it(
    'continue goes on, whatever its restart',
    marbleTest(async ({ start, clock }) => {
      const agent = start(failing({ onError: 'continue' }, steady));
      await clock.sleep(20);
      expect(agent.state).toBe('ready');
      expect(agent.health.status).toBe('bad');
    }),
  );
});

describe('createHost({ restart })', () => {
  it(
    'holds for agents that have none of their own',
    marbleTest(async ({ clock }) => {
      const host = createHost({ clock, log: quiet, restart: { backoff: { from: 50, jitter: 0 } } });
      const one = await host.start(ticking(undefined, 3, 'one'));
      const two = await host.start(ticking(steady, 3, 'two'));
      await clock.sleep(85);
      expect([one.state, two.state]).toEqual(['ready', 'restarting']);
      await host.stop();
    }),
  );

  it('spreads the restart storm of a thousand agents', async () => {
    await marbleTest(async ({ host, clock }) => {
      const fail$ = new Subject<never>();
      const restarts: number[] = [];
      host.trace$.subscribe((event) => {
        if (event.type === 'phase' && event.phase === 'setup' && event.at > 0) restarts.push(event.at);
      });
      let isFirst = true;
      const agents = Array.from({ length: 1000 }, (_, index) =>
        defineAgent({
          name: `agent-${index}`,
          restart: { backoff: { from: '1s', jitter: 0.5 } },
          streams: () => ({ fail$: isFirst ? fail$ : NEVER }),
        }),
      );
      await host.startAll(agents);
      isFirst = false;
      fail$.error(new Error('the network is gone'));
      await clock.sleep('2s');
      expect(restarts).toHaveLength(1000);
      expect(Math.min(...restarts)).toBeGreaterThanOrEqual(500);
      expect(Math.max(...restarts)).toBeLessThanOrEqual(1500);
      // Evenly: in each tenth of the second about a hundred.
      for (let tenth = 500; tenth < 1500; tenth += 100) {
        const share = restarts.filter((at) => at >= tenth && at < tenth + 100).length;
        expect(share).toBeGreaterThan(60);
        expect(share).toBeLessThan(150);
      }
      expect(host.health.status).toBe('good');
    })();
  });

  it.each<[string, RestartOptions, string]>([
    ['a max that is negative', { max: -1 }, 'bad-option'],
    ['a max that is no whole number', { max: 1.5 }, 'bad-option'],
    ['a span that is zero', { within: 0 }, 'bad-duration'],
    ['a backoff that is no duration', { backoff: { from: 'soon' } }, 'bad-duration'],
    ['a factor below one', { backoff: { factor: 0.5 } }, 'bad-option'],
    ['a jitter above one', { backoff: { jitter: 2 } }, 'bad-option'],
  ])('refuses %s, as does an agent', (_what, restart, code) => {
    expect(() => createHost({ restart })).toThrow(expect.objectContaining({ code }));
    expect(() => ticking(restart)).toThrow(expect.objectContaining({ code }));
  });
});
