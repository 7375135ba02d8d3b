import { NEVER, Observable, Subject, tap } from 'rxjs';
import { type AgentContext, defineAgent, type RunEntry, type Streams } from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';

const agentOf = <S extends Streams>(streams: (context: AgentContext<object>) => S, stopTimeout = '5s') =>
  defineAgent({ name: 'agent', streams, stopTimeout });

/** It takes no notice of its abort. */
const deaf = (ms: number) => (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, ms));

describe('stop', () => {
  it(
    'lets no tick through after stopping [B7]',
    marbleTest(async ({ start, clock, expectObservable }) => {
      const agent = start(
        agentOf(({ lifecycle, time, handle }) => ({
          ticks$: lifecycle.start$.pipe(time.every('100ms')),
          immediate$: lifecycle.stop$.pipe(time.every('100ms', { immediate: true })),
          after$: lifecycle.stop$.pipe(time.after(0)),
          stop$: lifecycle.stop$.pipe(handle.merge((_e, { sleep }) => sleep('1s'))),
        })),
      );
      expectObservable(agent.streams.ticks$).toBe('100ms a 99ms b 1049ms |', {
        a: { at: 100, index: 1, missed: 0 },
        b: { at: 200, index: 2, missed: 0 },
      });
      expectObservable(agent.streams.immediate$).toBe('1250ms |');
      expectObservable(agent.streams.after$).toBe('1250ms |');
      await clock.sleep('250ms');
      await agent.stop();
      expect(Date.now()).toBe(1250);
    }),
  );

  it(
    'awaits the handlers of stop$, which run concurrently, then finishes [B7]',
    marbleTest(async ({ start, clock }) => {
      const log: string[] = [];
      const agent = start(
        agentOf(({ lifecycle, handle, time }) => {
          const note = (what: string) => log.push(`${what} at ${time.now()}`);
          return {
            first$: lifecycle.stop$.pipe(
              handle.merge(async (_e, { sleep }) => {
                note('first begins');
                await sleep(30);
                note('first ends');
              }),
            ),
            second$: lifecycle.stop$.pipe(
              handle.merge(async (_e, { sleep }) => {
                note('second begins');
                await sleep(20);
                note('second ends');
              }),
            ),
            finish$: lifecycle.finish$.pipe(tap(() => note('finish'))),
          };
        }),
      );
      await clock.sleep(10);
      await agent.stop();
      expect(log).toEqual([
        'first begins at 10',
        'second begins at 10',
        'second ends at 30',
        'first ends at 40',
        'finish at 40',
      ]);
    }),
  );

  it(
    'emits what the handlers of stop$ give',
    marbleTest(async ({ start, clock, expectObservable }) => {
      const agent = start(
        agentOf(({ lifecycle, handle }) => ({
          last$: lifecycle.stop$.pipe(handle.merge((_e, { sleep }) => sleep(5).then(() => 'bye'))),
        })),
      );
      expectObservable(agent.streams.last$).toBe('----------(a|)', { a: 'bye' });
      await clock.sleep(5);
      await agent.stop();
    }),
  );

  it(
    'calls every handler of finish$, whatever another one throws [B7]',
    marbleTest(async ({ start, host, clock }) => {
      const log: string[] = [];
      const codes: string[] = [];
      host.errors$.subscribe(({ code }) => codes.push(code));
      const fail = (): never => {
        throw new Error('no finish');
      };
      const agent = start(
        agentOf(({ lifecycle, handle }) => {
          lifecycle.finish$.subscribe(fail);
          lifecycle.finish$.subscribe(() => log.push('subscriber'));
          return {
            throws$: lifecycle.finish$.pipe(tap(fail)),
            rejects$: lifecycle.finish$.pipe(handle.merge(async () => fail())),
            handled$: lifecycle.finish$.pipe(handle.merge(async () => log.push('handler'))),
            stream$: lifecycle.finish$.pipe(tap(() => log.push('stream'))),
          };
        }),
      );
      await clock.sleep(1);
      await agent.stop();
      expect(log).toEqual(['subscriber', 'handler', 'stream']);
      expect(codes.sort()).toEqual(['handler-failed', 'observer-failed', 'stream-failed']);
    }),
  );

  it(
    'awaits the handlers of finish$, too',
    marbleTest(async ({ start, clock, expectHandlers }) => {
      const agent = start(
        agentOf(({ lifecycle, handle }) => ({
          finish$: lifecycle.finish$.pipe(handle.merge((_e, { sleep }) => sleep(7))),
        })),
      );
      expectHandlers(agent, 'finish$').toBe('-----s------e');
      await clock.sleep(5);
      expect((await agent.stop()).left).toEqual([]);
    }),
  );

  it(
    'cuts off a handler of stop$ that hangs, at its timeout, and names it [B8]',
    marbleTest(async ({ start, host, clock, expectHandlers }) => {
      const agent = start(
        agentOf(
          ({ lifecycle, handle }) => ({
            hangs$: lifecycle.stop$.pipe(
              handle.merge((_e, { sleep }) => sleep('1h'), { name: 'sayGoodbye' }),
            ),
            ends$: lifecycle.stop$.pipe(handle.merge((_e, { sleep }) => sleep(100))),
          }),
          '300ms',
        ),
      );
      expectHandlers(agent, 'hangs$').toBe('10ms s 299ms x');
      await clock.sleep(10);
      const { left } = await agent.stop();
      expect(Date.now()).toBe(310);
      expect(left).toEqual([
        {
          kind: 'run',
          agent: 'agent',
          stream: 'hangs$',
          handler: 'sayGoodbye',
          run: 1,
          attempt: 1,
          since: 10,
          parked: [{ on: 'sleep', detail: '1h', since: 10 }],
          isAborted: false,
        },
      ]);
      expect(host.ledger()).toEqual([]);
      expect(agent.ledger()).toEqual([]);
    }),
  );

  it(
    'names an aborted handler that takes no notice of it',
    marbleTest(async ({ start, clock }) => {
      const agent = start(
        agentOf(
          ({ lifecycle, handle }) => ({ deaf$: lifecycle.start$.pipe(handle.merge(deaf(10_000))) }),
          '1s',
        ),
      );
      await clock.sleep(10);
      const { left } = await agent.stop();
      expect(Date.now()).toBe(1010);
      expect(left).toMatchObject([{ stream: 'deaf$', isAborted: true, parked: [] }]);
      expect(agent.ledger()).toHaveLength(1);
      await clock.sleep('10s');
      expect(agent.ledger()).toEqual([]);
    }),
  );

  it(
    'waits for an aborted handler that cleans up',
    marbleTest(async ({ start, clock }) => {
      const agent = start(
        agentOf(({ lifecycle, handle }) => ({ deaf$: lifecycle.start$.pipe(handle.merge(deaf(50))) })),
      );
      await clock.sleep(10);
      expect((await agent.stop()).left).toEqual([]);
      expect(Date.now()).toBe(50);
    }),
  );

  it(
    'is one stop, however often it is asked for [B9]',
    marbleTest(async ({ start, clock }) => {
      const log: string[] = [];
      const agent = start(
        agentOf(({ lifecycle, handle }) => ({
          stop$: lifecycle.stop$.pipe(
            handle.merge(async (_e, { sleep }) => {
              log.push('stop');
              void agent.stop().then(() => log.push('third'));
              await sleep(10);
            }),
          ),
          finish$: lifecycle.finish$.pipe(tap(() => log.push('finish'))),
        })),
      );
      await clock.sleep(1);
      const stops = await Promise.all([
        agent.stop().finally(() => log.push('first')),
        agent.stop().finally(() => log.push('second')),
      ]);
      expect(log).toEqual(
        ['stop', 'finish', 'first', 'second', 'third'].sort((a, b) => log.indexOf(a) - log.indexOf(b)),
      );
      expect(log).toHaveLength(5);
      expect(stops[0]).toBe(stops[1]);
      expect(await agent.stop()).toBe(stops[0]);
    }),
  );

  it(
    'stops an idle agent at once',
    marbleTest(async ({ start, clock }) => {
      const agent = start(
        agentOf(({ lifecycle, time }) => ({ ticks$: lifecycle.start$.pipe(time.every('1s')) })),
      );
      await clock.sleep(1);
      void agent.stop();
      expect(agent.state).toBe('stopped');
    }),
  );

  it(
    'completes the streams, and all else that the handle shows, also to who comes later',
    marbleTest(async ({ start, clock }) => {
      const agent = start(agentOf(() => ({ never$: NEVER })));
      const ends: string[] = [];
      await clock.sleep(1);
      const all = { ...agent.streams, state$: agent.state$, health$: agent.health$, errors$: agent.errors$ };
      for (const [name, stream$] of Object.entries<Observable<unknown>>(all))
        stream$.subscribe({ complete: () => ends.push(name) });
      await agent.stop();
      expect(ends.sort()).toEqual(['errors$', 'health$', 'never$', 'state$']);
      const last: unknown[] = [];
      agent.state$.subscribe({ next: (phase) => last.push(phase), complete: () => last.push('|') });
      agent.health$.subscribe({ next: ({ status }) => last.push(status), complete: () => last.push('|') });
      agent.streams.never$.subscribe({ complete: () => last.push('|') });
      agent.errors$.subscribe({ complete: () => last.push('|') });
      expect(last).toEqual(['stopped', '|', 'stopped', '|', '|', '|']);
    }),
  );

  it(
    'tells of a stream whose teardown throws, and tears the others down all the same',
    marbleTest(async ({ start, host, clock }) => {
      const codes: string[] = [];
      const ends: string[] = [];
      host.errors$.subscribe(({ code, stream }) => codes.push(`${code} ${stream}`));
      const agent = start(
        agentOf(() => ({
          throws$: new Observable(() => () => {
            throw new Error('teardown');
          }),
          other$: NEVER.pipe(tap({ unsubscribe: () => ends.push('other') })),
        })),
      );
      await clock.sleep(1);
      expect((await agent.stop()).left).toEqual([]);
      expect(codes).toEqual(['stream-failed throws$']);
      expect(ends).toEqual(['other']);
      expect(agent.state).toBe('stopped');
    }),
  );

  it(
    'drops what waits in a queue, and says so',
    marbleTest(async ({ start, host, clock }) => {
      const dropped: unknown[] = [];
      host.trace$.subscribe((event) => {
        if (event.type === 'trigger-dropped') dropped.push(`${String(event.value)} ${event.reason}`);
      });
      const trigger$ = new Subject<string>();
      const agent = start(
        agentOf(({ handle }) => ({ result$: trigger$.pipe(handle.concat((_t, { sleep }) => sleep('1h'))) })),
      );
      await clock.sleep(1);
      for (const trigger of ['a', 'b', 'c']) trigger$.next(trigger);
      await agent.stop();
      expect(dropped).toEqual(['b stopped', 'c stopped']);
    }),
  );
});

describe("onStop: 'drain'", () => {
  const draining = (stopTimeout: string) =>
    agentOf(
      ({ lifecycle, handle }) => ({
        drained$: lifecycle.start$.pipe(
          handle.merge((_e, { sleep }) => sleep(100).then(() => 'drained'), { onStop: 'drain' }),
        ),
        aborted$: lifecycle.start$.pipe(handle.merge((_e, { sleep }) => sleep(100).then(() => 'never'))),
        stop$: lifecycle.stop$,
      }),
      stopTimeout,
    );

  it(
    'awaits the runs in flight before stop$, and aborts the others',
    marbleTest(async ({ start, clock, expectObservable, expectHandlers }) => {
      const agent = start(draining('1s'));
      const at = (ms: number) => ({ a: 'drained', s: { type: 'stop', agent: 'agent', at: ms } });
      expectObservable(agent.streams.drained$).toBe('100ms (a|)', at(100));
      expectObservable(agent.streams.stop$).toBe('   100ms (s|)', at(100));
      expectHandlers(agent, 'drained$').toBe('       s 99ms e');
      expectHandlers(agent, 'aborted$').toBe('       s 9ms x');
      await clock.sleep(10);
      expect((await agent.stop()).left).toEqual([]);
    }),
  );

  it(
    'aborts them at the timeout, and names them once',
    marbleTest(async ({ start, clock, expectHandlers }) => {
      const agent = start(draining('50ms'));
      expectHandlers(agent, 'drained$').toBe('s 59ms x');
      await clock.sleep(10);
      const { left } = await agent.stop();
      expect(left).toMatchObject([{ stream: 'drained$' }]);
      expect(Date.now()).toBe(60);
    }),
  );

  it(
    'names a run once that hangs through the draining and through stop$',
    marbleTest(async ({ start, clock }) => {
      const agent = start(
        agentOf(
          ({ lifecycle, handle }) => ({
            deaf$: lifecycle.start$.pipe(handle.merge(deaf(1000), { onStop: 'drain' })),
          }),
          '50ms',
        ),
      );
      await clock.sleep(10);
      const { left } = await agent.stop();
      expect(left.map((entry) => (entry as RunEntry).run)).toEqual([1]);
      expect(Date.now()).toBe(110);
      await clock.sleep('1s');
    }),
  );

  it(
    'lets a run that is drained fail as ever',
    marbleTest(async ({ start, host, clock }) => {
      const codes: string[] = [];
      host.errors$.subscribe(({ code }) => codes.push(code));
      const agent = start(
        agentOf(({ lifecycle, handle }) => ({
          fails$: lifecycle.start$.pipe(
            handle.merge((_e, { sleep }) => sleep(20).then(() => Promise.reject(new Error('x'))), {
              onStop: 'drain',
            }),
          ),
        })),
      );
      await clock.sleep(10);
      await agent.stop();
      expect(codes).toEqual(['handler-failed']);
    }),
  );
});
