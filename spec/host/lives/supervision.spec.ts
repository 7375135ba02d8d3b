import { concat, EMPTY, map, mergeMap, NEVER, of, Subject, tap } from 'rxjs';
import { type AgentHandle, group, procedure, type RestartOptions, type Strategy } from 'rx-agent-kit';
import { type MarbleHelpers, marbleTest } from 'rx-agent-kit/testing';
import { z } from 'zod';
import { agentOf, agentThat, failing, hostOn, often } from './support';

const statesOf = (handles: readonly AgentHandle[]) => handles.map(({ name, state }) => `${name} ${state}`);

/** Plays a group until nothing fails any more. */
async function play(
  { clock }: MarbleHelpers,
  strategy: Strategy,
  agents: Parameters<typeof group>[0]['agents'],
  act: (handles: readonly AgentHandle[]) => unknown = () => undefined,
  restart: RestartOptions = often,
): Promise<readonly string[]> {
  const host = hostOn(clock);
  const [handles] = (await host.startAll([group({ name: 'g', strategy, restart, agents })])) as [
    AgentHandle[],
  ];
  await act(handles);
  await clock.sleep('10m');
  const states = statesOf(handles);
  await host.stop();
  return states;
}

describe('A group', () => {
  it(
    'rest-for-one brings all back when another one fails on the way down, each behind those before it',
    marbleTest(async (helpers) => {
      const log: string[] = [];
      const states = await play(
        helpers,
        'rest-for-one',
        [agentThat('a', { fails: [100] }), agentThat('b', { fails: [120] }), agentThat('c', { stopsIn: 50 })],
        ([a, b, c]) => {
          for (const agent of [a!, b!, c!])
            agent.state$.subscribe((phase) => {
              if (phase === 'start' || phase === 'ready') log.push(`${agent.name} ${phase}`);
            });
        },
      );
      expect(states).toEqual(['a ready', 'b ready', 'c ready']);
      const started = log.slice(3);
      expect(started).toEqual(['a start', 'a ready', 'b start', 'b ready', 'c start', 'c ready']);
    }),
  );

  it(
    'does not wait for one that is stopped by hand on its way back',
    marbleTest(async (helpers) => {
      const states = await play(
        helpers,
        'one-for-all',
        [agentThat('a', { readyIn: 100 }), agentThat('b', { needs: ['a'], fails: [50] })],
        async ([a]) => {
          await helpers.clock.sleep(200);
          expect(a!.state).toBe('start');
          await a!.stop();
        },
      );
      expect(states).toEqual(['a stopped', 'b ready']);
    }),
  );

  it(
    'rest-for-one goes by the one before the one that is gone',
    marbleTest(async (helpers) => {
      const log: string[] = [];
      await play(
        helpers,
        'rest-for-one',
        [agentThat('a', { readyIn: 100, fails: [150] }), agentThat('b'), agentThat('c')],
        async ([a, b, c]) => {
          await b!.stop();
          for (const agent of [a!, c!]) agent.state$.subscribe((phase) => log.push(`${agent.name} ${phase}`));
        },
      );
      const starts = log.filter((line) => /start$|ready$/.test(line)).slice(-4);
      expect(starts).toEqual(['a start', 'a ready', 'c start', 'c ready']);
    }),
  );

  it(
    'leaves down who has been stopped for good by a handler, whatever fails beside it',
    marbleTest(async ({ clock }) => {
      const host = hostOn(clock);
      const stop$ = new Subject<void>();
      const { agent: a, fail } = failing('a');
      const b = agentOf('b', ({ handle, lifecycle }) => ({
        fatal$: stop$.pipe(
          handle.concat(async () => Promise.reject(new Error('for good')), { onError: 'stop' }),
        ),
        closing$: lifecycle.stop$.pipe(handle.concat((_event, { sleep }) => sleep(200))),
      }));
      const [[, handle]] = await host.startAll([
        group({ name: 'g', strategy: 'one-for-all', restart: often, agents: [a, b] }),
      ]);
      stop$.next();
      await clock.sleep(50);
      fail();
      await clock.sleep('1s');
      expect([handle.state, handle.health.status]).toEqual(['failed', 'stopped']);
      expect(handle.health.reason).toContain('for good');
      expect([...host.agents.values()].map(({ name, state }) => `${name} ${state}`)).toEqual(['a ready']);
      fail();
      await clock.sleep('1s');
      expect(handle.state).toBe('failed');
      await host.stop();
    }),
  );

  it(
    'that has given up starts none of its agents any more',
    marbleTest(async ({ clock }) => {
      const host = hostOn(clock);
      const begun: string[] = [];
      const note = (name: string, needs: string[] = []) =>
        agentOf(name, ({ lifecycle }) => ({ s$: lifecycle.start$.pipe(tap(() => begun.push(name))) }), {
          needs,
        });
      const start = host.startAll([
        group({
          name: 'g',
          strategy: 'one-for-all',
          restart: { max: 0 },
          agents: [agentThat('a', { fails: [100] }), note('b', ['c'])],
        }),
        agentThat('c', { readyIn: 300 }),
      ]);
      await expect(start).rejects.toMatchObject({
        code: 'start-failed',
        agent: 'a',
        cause: { code: 'restart-limit' },
      });
      expect([begun, host.agents.size]).toEqual([[], 0]);
      await host.stop();
    }),
  );
});

describe('startAll', () => {
  const needing = (seen: string[]) =>
    agentOf('b', ({ lifecycle, host }) => ({ s$: lifecycle.start$.pipe(tap(() => seen.push(host.name))) }), {
      needs: ['a', 'c'],
    });

  it(
    'does not start an agent while what it needs is down again',
    marbleTest(async ({ clock }) => {
      const host = hostOn(clock);
      const at: number[] = [];
      const b = agentOf(
        'b',
        ({ lifecycle }) => ({
          s$: lifecycle.start$.pipe(
            tap(() => at.push(host.agents.get('a')?.state === 'ready' ? clock.now() : -1)),
          ),
        }),
        { needs: ['a', 'c'] },
      );
      await host.startAll([
        agentThat('a', { fails: [100], restart: { backoff: { from: '5s', jitter: 0 } } }),
        agentThat('c', { readyIn: 300 }),
        b,
      ]);
      expect(at).toEqual([5100]);
      await host.stop();
    }),
  );

  it(
    'rejects when what an agent needs has failed for good meanwhile, and leaves nothing',
    marbleTest(async ({ clock }) => {
      const host = hostOn(clock);
      const seen: string[] = [];
      const start = host.startAll([
        agentThat('a', { fails: [100] }),
        agentThat('c', { readyIn: 300 }),
        needing(seen),
      ]);
      await expect(start).rejects.toMatchObject({ code: 'start-failed', agent: 'a' });
      expect([seen, host.agents.size]).toEqual([[], 0]);
      await host.stop();
    }),
  );

  it(
    'rejects when what an agent needs is not ready again in time',
    marbleTest(async ({ clock }) => {
      const host = hostOn(clock, { startTimeout: '3s' });
      const start = host.startAll([
        agentThat('a', { fails: [100], restart: { backoff: { from: '1m', to: '1m', jitter: 0 } } }),
        agentThat('c', { readyIn: 300 }),
        needing([]),
      ]);
      await expect(start).rejects.toMatchObject({
        code: 'start-failed',
        agent: 'b',
        cause: { code: 'start-timeout', message: expect.stringContaining('a was ready before it') },
      });
      expect(clock.now()).toBe(3300);
      await host.stop();
    }),
  );
});

describe('A restart', () => {
  it(
    'by a handler makes no agent without a restart of its own restart when a stream fails',
    marbleTest(async ({ clock }) => {
      const host = hostOn(clock);
      const go$ = new Subject<void>();
      const fail$ = new Subject<void>();
      const handle = await host.start(
        agentOf('a', ({ handle: by }) => ({
          run$: go$.pipe(by.concat(async () => Promise.reject(new Error('run')), { onError: 'restart' })),
          stream$: fail$.pipe(
            map(() => {
              throw new Error('stream');
            }),
          ),
        })),
      );
      go$.next();
      await clock.sleep('2s');
      expect(handle.state).toBe('ready');
      fail$.next();
      await clock.sleep('2s');
      expect(handle.state).toBe('failed');
      await host.stop();
    }),
  );

  it(
    'waits longer each time, however long the waits are: they are no life',
    marbleTest(async ({ start, host, clock }) => {
      const waits: number[] = [];
      host.trace$.subscribe((event) => {
        if (event.type === 'restart-planned') waits.push((event.due - event.at) / 1000);
      });
      start(
        agentThat('a', {
          fails: Array<number>(20).fill(1000),
          restart: { max: 3, within: '1m', backoff: { from: '30s', to: '10m', factor: 2, jitter: 0 } },
        }),
      );
      await clock.sleep('20m');
      expect(waits).toEqual([30, 60, 120, 240, 480, 600]);
    }),
  );

  it(
    'is called off for good by a handler of stop$ that says stop',
    marbleTest(async ({ clock }) => {
      const host = hostOn(clock);
      const fail$ = new Subject<never>();
      const handle = await host.start(
        agentOf(
          'a',
          ({ lifecycle, handle: by }) => ({
            fail$,
            stop$: lifecycle.stop$.pipe(
              by.concat(async () => Promise.reject(new Error('for good')), { onError: 'stop' }),
            ),
          }),
          { restart: often },
        ),
      );
      fail$.error(new Error('down'));
      await clock.sleep('1s');
      expect([handle.state, handle.health.status, host.agents.size]).toEqual(['failed', 'stopped', 0]);
      expect(handle.health.reason).toContain('for good');
      await host.stop();
    }),
  );

  it(
    'does not come before those that it needs are ready, each with a restart of its own',
    marbleTest(async ({ clock }) => {
      const host = hostOn(clock);
      const slow: RestartOptions = { backoff: { from: '2s', jitter: 0 } };
      const { agent: a, fail: failA } = failing('a', { restart: slow });
      const { agent: b, fail: failB } = failing('b', { restart: often, needs: ['a'] });
      const [first, second] = await host.startAll([a, b]);
      failA();
      failB();
      await clock.sleep(1000);
      expect([first.state, second.state]).toEqual(['restarting', 'restarting']);
      expect(second.ledger()).toEqual([
        { kind: 'wait', agent: 'b', stream: '(restart)', on: 'needs', detail: 'a', since: 0 },
      ]);
      await clock.sleep(1001);
      expect([first.state, second.state]).toEqual(['ready', 'ready']);
      failA();
      failB();
      await clock.sleep(1000);
      await first.stop();
      await clock.sleep(1);
      expect(second.state).toBe('ready');
      await host.stop();
    }),
  );

  it(
    'lists no timer that has fired: it waits for those that it needs, then for what makes it ready',
    marbleTest(async ({ clock }) => {
      const host = hostOn(clock);
      const [[a, b]] = (await host.startAll([
        group({
          name: 'g',
          strategy: 'one-for-all',
          restart: often,
          agents: [
            agentThat('a', { readyIn: 50, fails: [100] }),
            agentThat('b', { needs: ['a'], stopsIn: 20 }),
          ],
        }),
      ])) as unknown as [[AgentHandle, AgentHandle]];
      await clock.sleep(55);
      const base = { agent: 'b', stream: '(restart)' };
      await clock.sleep(1);
      expect(a.ledger()).toMatchObject([{ kind: 'wait', on: 'stops', detail: 'b' }]);
      await clock.sleep(50);
      expect(b.ledger()).toEqual([{ kind: 'timer', ...base, timer: 'restart', due: 220 }]);
      await clock.sleep(100);
      expect(a.state).toBe('start');
      expect(b.ledger()).toEqual([{ kind: 'wait', ...base, on: 'needs', detail: 'a', since: 100 }]);
      await host.stop();
    }),
  );

  it.each(['bus.serve', 'a handler that is made late'])(
    'asked for by %s goes on with the streams that the handle shows',
    (how) =>
      marbleTest(async ({ clock }) => {
        const host = hostOn(clock);
        const ping = procedure('ping', { input: z.number(), output: z.number() });
        const go$ = new Subject<number>();
        let lives = 0;
        const handle = await host.start(
          agentOf('a', ({ bus, handle: by, lifecycle }) => {
            const life = ++lives;
            return {
              served$:
                how === 'bus.serve'
                  ? bus.serve(ping, async () => Promise.reject(new Error('no')), { onError: 'restart' })
                  : go$.pipe(
                      mergeMap((n) =>
                        of(n).pipe(
                          by.concat(async () => Promise.reject(new Error('no')), { onError: 'restart' }),
                        ),
                      ),
                    ),
              life$: concat(lifecycle.start$.pipe(map(() => life)), NEVER),
              short$: life === 1 ? EMPTY : lifecycle.start$.pipe(map(() => life)),
            };
          }),
        );
        await host.start(
          agentOf('caller', ({ handle: by }) => ({
            call$: go$.pipe(by.concat(async (n, { call }) => (how === 'bus.serve' ? call(ping, n) : n))),
          })),
        );
        const seen: unknown[] = [];
        handle.streams['life$']!.subscribe({
          next: (life) => seen.push(life),
          complete: () => seen.push('|'),
        });
        go$.next(1);
        await clock.sleep('2s');
        expect([handle.state, seen]).toEqual(['ready', [2]]);
        const late: unknown[] = [];
        handle.streams['short$']!.subscribe((life) => late.push(life));
        go$.next(2);
        await clock.sleep('3s');
        expect([seen, late]).toEqual([[2, 3], [3]]);
        await handle.stop();
        expect(seen).toEqual([2, 3, '|']);
        await host.stop();
      })(),
  );

  it(
    'is not asked for by a handler that fails at once at the trigger undefined while the streams are subscribed',
    marbleTest(async ({ host }) => {
      const codes: string[] = [];
      host.errors$.subscribe(({ code }) => codes.push(code));
      const fails = (): never => {
        throw new Error('boom');
      };
      const agent = await host.start(
        agentOf('a', ({ handle: by }) => ({ x$: of(undefined).pipe(by.concat(fails)) })),
      );
      expect([agent.state, codes]).toEqual(['ready', ['handler-failed']]);
    }),
  );
});
