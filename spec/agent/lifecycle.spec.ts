import { map, mergeMap, NEVER, Observable, of, Subject, tap } from 'rxjs';
import { type AgentError, defineAgent, type LifecycleEvent, type Phase } from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';

describe('The life of an agent', () => {
  it(
    'goes through its phases in one order',
    marbleTest(async ({ start, clock }) => {
      const log: string[] = [];
      const agent = start(
        defineAgent({
          name: 'agent',
          streams: ({ lifecycle }) => ({
            setup$: lifecycle.setup$,
            start$: lifecycle.start$,
            ready$: lifecycle.ready$,
            stop$: lifecycle.stop$,
            finish$: lifecycle.finish$,
          }),
        }),
      );
      agent.state$.subscribe({ next: (phase) => log.push(phase), complete: () => log.push('|') });
      for (const stream$ of Object.values(agent.streams))
        stream$.subscribe(({ type, agent: name, at }: LifecycleEvent) => log.push(`${name} ${type} ${at}`));
      await clock.sleep(5);
      await agent.stop();
      expect(log).toEqual([
        'setup',
        'configured',
        'start',
        'agent start 0',
        'ready',
        'agent ready 0',
        'stopping',
        'agent stop 5',
        'finish',
        'agent finish 5',
        'stopped',
        '|',
      ]);
      expect(agent.state).toBe('stopped');
    }),
  );

  it(
    'is in the trace',
    marbleTest(async ({ start, host, clock }) => {
      const phases: Phase[] = [];
      host.trace$.subscribe((event) => {
        if (event.type === 'phase') phases.push(event.phase);
      });
      const agent = start(defineAgent({ name: 'agent', streams: () => ({}) }));
      await clock.sleep(1);
      await agent.stop();
      expect(phases).toEqual(['setup', 'configured', 'start', 'ready', 'stopping', 'finish', 'stopped']);
    }),
  );

  it(
    'can be begun again after its end, with streams of its own',
    marbleTest(async ({ host }) => {
      let lives = 0;
      const definition = defineAgent({
        name: 'agent',
        streams: () => ({ life$: NEVER.pipe(tap({ subscribe: () => lives++ })) }),
      });
      for (let life = 1; life <= 3; life++) {
        const agent = await host.start(definition);
        expect(lives).toBe(life);
        await agent.stop();
        expect(host.agents.size).toBe(0);
      }
    }),
  );
});

describe('setup$', () => {
  it(
    'calls its handlers synchronously, in the order in which they are written [B1]',
    marbleTest(({ start }) => {
      const log: string[] = [];
      start(
        defineAgent({
          name: 'agent',
          streams: ({ lifecycle, handle }) => ({
            first$: lifecycle.setup$.pipe(tap(() => log.push('first'))),
            second$: lifecycle.setup$.pipe(handle.merge(async () => log.push('second'))),
            third$: lifecycle.setup$.pipe(tap(() => log.push('third'))),
          }),
        }),
      );
      log.push('set up');
      expect(log).toEqual(['first', 'second', 'third', 'set up']);
    }),
  );

  const failure = new Error('no setup');
  const fail = (): never => {
    throw failure;
  };
  const ways: [string, Parameters<typeof defineAgent>[0]['streams']][] = [
    ['the function streams', fail],
    [
      'a subscriber',
      ({ lifecycle }) => {
        lifecycle.setup$.subscribe(fail);
        return {};
      },
    ],
    ['a stream', ({ lifecycle }) => ({ setup$: lifecycle.setup$.pipe(map(fail)) })],
    ['the subscribing of a stream', () => ({ setup$: new Observable(fail) })],
    ['a handler', ({ lifecycle, handle }) => ({ setup$: lifecycle.setup$.pipe(handle.merge(fail)) })],
    [
      'an async handler',
      ({ lifecycle, handle }) => ({ setup$: lifecycle.setup$.pipe(handle.merge(async () => fail())) }),
    ],
  ];

  it.each(ways)('rejects the start with what %s throws, and leaves nothing [B1]', (_where, streams) =>
    marbleTest(async ({ host }) => {
      const log: string[] = [];
      host.trace$.subscribe((event) => {
        if (event.type === 'phase') log.push(event.phase);
      });
      const definition = defineAgent({
        name: 'agent',
        streams: (context) => {
          context.lifecycle.start$.subscribe(() => log.push('start$'));
          const ticks$ = context.lifecycle.setup$.pipe(context.time.every('1s'));
          const waits$ = context.lifecycle.setup$.pipe(context.handle.merge((_e, { sleep }) => sleep('1h')));
          return { ticks$, waits$, ...streams(context) };
        },
      });
      await expect(host.start(definition)).rejects.toBe(failure);
      expect(log.filter((phase) => phase !== 'stopping')).toEqual(['setup', 'finish', 'failed']);
      expect(host.agents.size).toBe(0);
      expect(host.ledger()).toEqual([]);
      await expect(host.start(defineAgent({ name: 'agent', streams: () => ({}) }))).resolves.toMatchObject({
        name: 'agent',
        state: 'ready',
      });
    })(),
  );

  it(
    'does not reject the start for a handler that has another trigger',
    marbleTest(async ({ host }) => {
      const codes: string[] = [];
      host.errors$.subscribe(({ code }) => codes.push(code));
      await host.start(
        defineAgent({
          name: 'agent',
          streams: ({ handle }) => ({ result$: of(1).pipe(handle.merge(fail)) }),
        }),
      );
      expect(codes).toEqual(['handler-failed']);
    }),
  );
});

describe('start$', () => {
  it(
    'runs its handlers concurrently [B2]',
    marbleTest(({ start, expectHandlers }) => {
      const agent = defineAgent({
        name: 'agent',
        streams: ({ lifecycle, handle }) => ({
          first$: lifecycle.start$.pipe(handle.merge((_e, { sleep }) => sleep('200ms'))),
          second$: lifecycle.start$.pipe(handle.merge(async () => 'at once')),
        }),
      });
      start(agent);
      expectHandlers(agent, 'first$').toBe(' s 199ms e');
      expectHandlers(agent, 'second$').toBe('(se)');
    }),
  );

  it(
    'emits once, and to nobody who comes late',
    marbleTest(async ({ start, clock }) => {
      const late: unknown[] = [];
      const open$ = new Subject<void>();
      const agent = start(
        defineAgent({
          name: 'agent',
          streams: ({ lifecycle }) => ({ late$: open$.pipe(mergeMap(() => lifecycle.start$)) }),
        }),
      );
      agent.streams.late$.subscribe({ next: (event) => late.push(event), complete: () => late.push('|') });
      await clock.sleep(1);
      open$.next();
      await agent.stop();
      expect(late).toEqual(['|']);
    }),
  );

  it(
    'leads to a timer that is gone when the agent is stopped before [B5]',
    marbleTest(async ({ start, host, clock, expectHandlers }) => {
      const agent = start(
        defineAgent({
          name: 'agent',
          streams: ({ lifecycle, time, handle }) => ({
            result$: lifecycle.start$.pipe(
              time.after('3s'),
              handle.switch(async () => 'never'),
            ),
          }),
        }),
      );
      expectHandlers(agent, 'result$').toBe('5s -');
      await clock.sleep('1s');
      expect(host.ledger()).toEqual([
        { kind: 'timer', agent: 'agent', stream: 'result$', timer: 'after', due: 3000 },
      ]);
      await clock.sleep('1s');
      await agent.stop();
      expect(host.ledger()).toEqual([]);
      expect(agent.ledger()).toEqual([]);
    }),
  );

  it(
    'leads to a handler that is aborted when the agent is stopped, and nothing is emitted after [B6]',
    marbleTest(async ({ start, host, clock, expectObservable, expectHandlers }) => {
      const reasons: unknown[] = [];
      const agent = start(
        defineAgent({
          name: 'agent',
          streams: ({ lifecycle, time, handle }) => ({
            result$: lifecycle.start$.pipe(
              time.after('3s'),
              handle.switch(async function* (_event, { signal, sleep }) {
                signal.addEventListener('abort', () => reasons.push(signal.reason));
                yield 'a';
                try {
                  await sleep('1s');
                } finally {
                  yield 'b';
                }
              }),
            ),
          }),
        }),
      );
      expectObservable(agent.streams.result$).toBe('3s a 499ms |');
      expectHandlers(agent, 'result$').toBe('3s s 499ms x');
      await clock.sleep('3500ms');
      expect(await agent.stop()).toEqual({ agent: 'agent', left: [] });
      expect(reasons).toMatchObject([{ reason: 'stopped' }]);
      expect(host.ledger()).toEqual([]);
    }),
  );
});

describe('A stop in the midst of the start', () => {
  it.each(['setup$', 'start$', 'ready$'] as const)('asked for in %s comes after it, and is clean', (moment) =>
    marbleTest(async ({ host }) => {
      const log: string[] = [];
      const errors: AgentError[] = [];
      host.errors$.subscribe((error) => errors.push(error));
      host.trace$.subscribe((event) => {
        if (event.type === 'phase') log.push(event.phase);
      });
      const definition = defineAgent({
        name: 'agent',
        streams: ({ lifecycle, handle }) => ({
          before$: lifecycle[moment].pipe(handle.merge((_e, { sleep }) => sleep('1h'))),
          stops$: lifecycle[moment].pipe(
            tap(
              () =>
                void host.agents
                  .get('agent')
                  ?.stop()
                  .then(({ left }) => log.push(`${left.length} left`)),
            ),
          ),
          behind$: lifecycle[moment].pipe(handle.merge((_e, { sleep }) => sleep('1h'))),
        }),
      });
      const start = host.start(definition);
      if (moment === 'ready$') await expect(start).resolves.toMatchObject({ name: definition.name });
      else await expect(start).rejects.toMatchObject({ code: 'agent-stopped' });
      await Promise.resolve();
      const phases = {
        setup$: ['setup', 'finish', 'stopped'],
        start$: ['setup', 'configured', 'start', 'stopping', 'finish', 'stopped'],
        ready$: ['setup', 'configured', 'start', 'ready', 'stopping', 'finish', 'stopped'],
      };
      expect(log.filter((entry) => entry !== '0 left')).toEqual(phases[moment]);
      expect(log).toContain('0 left');
      expect(errors).toEqual([]);
      expect(host.ledger()).toEqual([]);
      expect(Date.now()).toBe(0);
    })(),
  );

  it(
    'of its host, before it has started, rejects the start',
    marbleTest(async ({ host }) => {
      const begun: unknown[] = [];
      const start = host.start(
        defineAgent({
          name: 'agent',
          streams: ({ lifecycle }) => ({ start$: lifecycle.start$.pipe(tap((e) => begun.push(e))) }),
        }),
      );
      const stop = host.stop();
      await expect(start).rejects.toMatchObject({ code: 'agent-stopped', agent: 'agent' });
      expect(await stop).toMatchObject({ agents: [{ agent: 'agent', left: [] }] });
      expect(begun).toEqual([]);
    }),
  );
});
