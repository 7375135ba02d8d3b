import { map, NEVER, of, Subject, tap } from 'rxjs';
import { AgentError, defineAgent, HandlerError, type AgentContext, type Streams } from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';

const agentOf = <S extends Streams>(streams: (context: AgentContext<object>) => S) =>
  defineAgent({ name: 'agent', streams });

describe('errors$', () => {
  it(
    'tells of a failed run by agent, stream, handler, trigger, attempt and cause',
    marbleTest(async ({ start, host, clock }) => {
      const trigger$ = new Subject<string>();
      const cause = new Error('no luck');
      const agent = start(
        agentOf(({ handle }) => ({
          result$: trigger$.pipe(
            handle.switch(
              async function poll(): Promise<never> {
                throw cause;
              },
              { retry: { count: 1, backoff: 5 } },
            ),
          ),
        })),
      );
      const seen: AgentError[] = [];
      const seenByHost: AgentError[] = [];
      agent.errors$.subscribe((error) => seen.push(error));
      host.errors$.subscribe((error) => seenByHost.push(error));
      await clock.sleep(1);
      trigger$.next('a');
      await clock.sleep(10);
      expect(seen).toHaveLength(1);
      expect(seenByHost).toEqual(seen);
      const [error] = seen;
      expect(error).toBeInstanceOf(HandlerError);
      expect(error).toBeInstanceOf(AgentError);
      expect(error).toMatchObject({
        name: 'HandlerError',
        code: 'handler-failed',
        message: 'agent.result$: poll failed at attempt 2: no luck',
        agent: 'agent',
        stream: 'result$',
        handler: 'poll',
        trigger: 'a',
        attempt: 2,
      });
      expect(error?.cause).toBe(cause);
    }),
  );

  it.each([undefined, null, 'a text', 42, Symbol('s'), { code: 'timeout' }])(
    'takes whatever a handler throws as the cause: %p',
    (thrown) =>
      marbleTest(async ({ start, clock }) => {
        const trigger$ = new Subject<string>();
        const agent = start(
          agentOf(({ handle }) => ({ result$: trigger$.pipe(handle.switch(() => Promise.reject(thrown))) })),
        );
        const seen: AgentError[] = [];
        agent.errors$.subscribe((error) => seen.push(error));
        await clock.sleep(1);
        trigger$.next('a');
        await clock.sleep(1);
        expect(seen).toMatchObject([{ code: 'handler-failed' }]);
        expect(seen[0]?.cause).toBe(thrown);
      })(),
  );

  it(
    'tells of the tick that a handler throws at, and the next tick comes at its instant [B14]',
    marbleTest(({ start, host, expectObservable, expectHandlers }) => {
      const agent = agentOf(({ lifecycle, time, handle }) => ({
        result$: lifecycle.start$.pipe(
          time.every('100ms'),
          handle.concat(async ({ index }) => {
            if (index === 1) throw new Error('tick 1');
            return index;
          }),
        ),
      }));
      expectObservable(host.errors$.pipe(map(({ cause }) => (cause as Error).message))).toBe('100ms e', {
        e: 'tick 1',
      });
      expectObservable(start(agent).streams.result$).toBe('200ms b 99ms c', { b: 2, c: 3 });
      expectHandlers(agent, 'result$').toBe('100ms (sf) 96ms (se) 96ms (se)');
    }),
  );
});

describe("onError: 'stop'", () => {
  it(
    'ends the agent when a run has failed for good',
    marbleTest(async ({ start, host, clock }) => {
      const ends: unknown[] = [];
      const codes: string[] = [];
      host.errors$.subscribe(({ code }) => codes.push(code));
      const agent = start(
        agentOf(({ lifecycle, time, handle }) => ({
          result$: lifecycle.start$.pipe(
            time.after(5),
            handle.switch(() => Promise.reject(new Error('x')), {
              onError: 'stop',
              retry: { count: 1, backoff: 5 },
            }),
          ),
          stop$: lifecycle.stop$.pipe(tap(({ at }) => ends.push(at))),
        })),
      );
      await clock.sleep(8);
      expect(agent.state).toBe('ready');
      await clock.sleep(10);
      expect(agent.state).toBe('failed');
      expect(ends).toEqual([10]);
      expect(codes).toEqual(['handler-failed']);
      expect(await agent.stop()).toEqual({ agent: 'agent', left: [] });
    }),
  );

  it(
    'rejects the start when the agent is not ready yet',
    marbleTest(async ({ host }) => {
      const agent = defineAgent({
        name: 'agent',
        streams: ({ lifecycle, handle }) => ({
          result$: lifecycle.start$.pipe(
            handle.switch((_e, { sleep }) => sleep(5).then(() => Promise.reject(new Error('x'))), {
              onError: 'stop',
            }),
          ),
        }),
        readyWhen: () => NEVER,
      });
      await expect(host.start(agent)).rejects.toMatchObject({ code: 'handler-failed', attempt: 1 });
      expect(Date.now()).toBe(5);
    }),
  );
});

describe('A stream that fails', () => {
  const failing = (trigger$: Subject<unknown>) =>
    agentOf(({ lifecycle, time, handle }) => ({
      fails$: trigger$.pipe(
        map(() => {
          throw new TypeError('no map');
        }),
      ),
      ticks$: lifecycle.start$.pipe(time.every(2)),
      runs$: lifecycle.start$.pipe(handle.merge((_e, { sleep }) => sleep('1h'))),
      stop$: lifecycle.stop$.pipe(handle.merge((_e, { sleep }) => sleep(3).then(() => 'stopped well'))),
    }));

  it(
    'ends its agent, in good order',
    marbleTest(async ({ start, host, clock, expectObservable, expectHandlers }) => {
      const trigger$ = new Subject<unknown>();
      const codes: string[] = [];
      host.errors$.subscribe((error) => codes.push(`${error.code}: ${error.message}`));
      const agent = start(failing(trigger$));
      expectObservable(agent.streams.fails$).toBe('-----|');
      expectObservable(agent.streams.stop$).toBe(' --------(s|)', { s: 'stopped well' });
      expectHandlers(agent, 'runs$').toBe('        s----x');
      await clock.sleep(5);
      trigger$.next(1);
      await clock.sleep(10);
      expect(agent.state).toBe('failed');
      expect(agent.health).toMatchObject({ status: 'stopped', reason: expect.stringContaining('no map') });
      expect(codes).toEqual([
        'stream-failed: agent.fails$ failed: no map. An error in a stream ends its agent; catch it in the stream, or do the work in a handler.',
      ]);
      expect(host.agents.size).toBe(0);
      expect(agent.ledger()).toEqual([]);
    }),
  );

  it(
    'leaves the rest of the host alone',
    marbleTest(({ start, expectObservable }) => {
      const trigger$ = new Subject<unknown>();
      start(failing(trigger$));
      const other = start(
        defineAgent({
          name: 'other',
          streams: ({ lifecycle, time }) => ({
            ticks$: lifecycle.start$.pipe(
              time.every(2),
              map(({ index }) => index),
            ),
          }),
        }),
      );
      setTimeout(() => trigger$.next(1), 3);
      expectObservable(other.streams.ticks$).toBe('--1-2-3-4', { 1: 1, 2: 2, 3: 3, 4: 4 });
    }),
  );

  it(
    'in the start rejects it',
    marbleTest(async ({ host }) => {
      const agent = agentOf(({ lifecycle }) => ({
        fails$: lifecycle.start$.pipe(
          tap(() => {
            throw new Error('no start');
          }),
        ),
      }));
      await expect(host.start(agent)).rejects.toMatchObject({ code: 'stream-failed', stream: 'fails$' });
      expect(host.agents.size).toBe(0);
    }),
  );

  it(
    'between setup and start rejects it, too',
    marbleTest(async ({ host }) => {
      const source$ = new Subject<never>();
      const start = host.start(agentOf(() => ({ source$ })));
      const error = new Error('no source');
      source$.error(error);
      await expect(start).rejects.toBe(error);
      expect(host.agents.size).toBe(0);
    }),
  );

  it(
    'while the agent stops is told, too',
    marbleTest(async ({ start, host, clock }) => {
      const codes: string[] = [];
      host.errors$.subscribe(({ code, stream }) => codes.push(`${code} ${stream}`));
      const agent = start(
        agentOf(({ lifecycle }) => {
          const fail = (): never => {
            throw new Error('x');
          };
          return { one$: lifecycle.stop$.pipe(tap(fail)), two$: lifecycle.stop$.pipe(tap(fail)) };
        }),
      );
      await clock.sleep(1);
      await agent.stop();
      expect(codes).toEqual(['stream-failed one$', 'stream-failed two$']);
      expect(agent.state).toBe('failed');
    }),
  );
});

describe('A subscriber that throws', () => {
  const thrower = (): never => {
    throw new Error('subscriber');
  };

  it.each(['streams', 'state$', 'health$', 'errors$', 'piped', 'unhandled'] as const)(
    'of %s harms nobody and is told of',
    (where) =>
      marbleTest(async ({ start, host, clock }) => {
        const trigger$ = new Subject<number>();
        const seen: unknown[] = [];
        const codes: string[] = [];
        const agent = start(
          agentOf(({ handle }) => ({
            result$: trigger$.pipe(
              handle.concat(async (value) => (value === 2 ? Promise.reject(new Error('two')) : value)),
            ),
          })),
        );
        host.errors$.subscribe(({ code }) => codes.push(code));
        const piped$ = agent.streams.result$.pipe(map((value) => value));
        const targets = {
          streams: () => agent.streams.result$.subscribe(thrower),
          state$: () => agent.state$.subscribe({ next: thrower, complete: thrower }),
          health$: () => agent.health$.subscribe(thrower),
          errors$: () => agent.errors$.subscribe(thrower),
          piped: () => piped$.subscribe(thrower),
          unhandled: () => agent.streams.result$.pipe(map(thrower)).subscribe(),
        };
        targets[where]();
        agent.streams.result$.subscribe((value) => seen.push(value));
        piped$.subscribe((value) => seen.push(`piped ${value}`));
        agent.state$.subscribe((phase) => seen.push(phase));
        agent.errors$.subscribe(({ code }) => seen.push(code));
        await clock.sleep(1);
        for (const value of [1, 2, 3]) trigger$.next(value);
        await clock.sleep(1);
        await agent.stop();
        expect(codes).toContain('observer-failed');
        expect(seen.filter((entry) => entry !== 'observer-failed')).toEqual([
          'setup',
          'configured',
          'start',
          'ready',
          1,
          'piped 1',
          'handler-failed',
          3,
          'piped 3',
          'stopping',
          'finish',
          'stopped',
        ]);
      })(),
  );

  it(
    'of the lifecycle or of config$ in the agent itself is told of, and ends nothing',
    marbleTest(async ({ start, clock }) => {
      const log: string[] = [];
      const agent = start(
        agentOf(({ lifecycle, config$ }) => {
          lifecycle.start$.subscribe(thrower);
          config$.subscribe(thrower);
          return { start$: lifecycle.start$.pipe(tap(() => log.push('start'))) };
        }),
      );
      agent.errors$.subscribe(({ code, agent: name }) => log.push(`${code} ${name}`));
      await clock.sleep(1);
      expect(log).toEqual(['observer-failed agent', 'observer-failed agent', 'start']);
      expect(agent.state).toBe('ready');
    }),
  );
});

describe('Scheduled work that throws', () => {
  it(
    'ends its agent, and the work of others goes on',
    marbleTest(async ({ start, host, clock }) => {
      const codes: string[] = [];
      const done: string[] = [];
      host.errors$.subscribe(({ code, agent }) => codes.push(`${code} ${agent}`));
      const agent = start(
        agentOf(({ scheduler }) => {
          scheduler.schedule(() => {
            throw new Error('work');
          }, 5);
          return { of$: of(1) };
        }),
      );
      start(
        defineAgent({
          name: 'other',
          streams: ({ scheduler }) => {
            scheduler.schedule(() => done.push('work'), 5);
            return {};
          },
        }),
      );
      await clock.sleep(10);
      expect(codes).toEqual(['task-failed agent']);
      expect(agent.state).toBe('failed');
      expect(done).toEqual(['work']);
    }),
  );
});
