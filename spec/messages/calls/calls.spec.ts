import { Subject, tap } from 'rxjs';
import {
  AgentError,
  type CallHandler,
  defineAgent,
  type Host,
  procedure,
  type Run,
  type ServeOptions,
  type TraceEvent,
} from 'rx-agent-kit';
import { type MarbleHelpers, marbleTest } from 'rx-agent-kit/testing';
import { z } from 'zod';
import type { AgentHost } from '../../../lib/agent/AgentHost';
import type { Dispatch } from '../../../lib/messages/memory/Dispatch';
import type { InMemoryBus } from '../../../lib/messages/memory/InMemoryBus';

const setpoint = procedure('site/setpoint', { input: z.number(), output: z.string() });
const reset = procedure('site/reset', { input: z.void(), output: z.void() });

function server(handler: CallHandler<number, string>, options?: ServeOptions, name = 'server') {
  return defineAgent({
    name,
    streams: ({ bus }) => ({ served$: bus.serve(setpoint, handler, options) }),
  });
}

type Work = (run: Run, n: number) => Promise<unknown>;

/** An agent that does some work whenever it is told to. */
function caller(work: Work, trigger$: Subject<number>) {
  return defineAgent({
    name: 'caller',
    streams: ({ handle }) => ({
      switch$: trigger$.pipe(handle.switch((n, run) => work(run, n))),
    }),
  });
}

/** Lets an agent call once, and gives what comes of it. */
function callOnce({ start, clock }: MarbleHelpers, work: Work): Promise<unknown> {
  const trigger$ = new Subject<number>();
  return new Promise((resolve) => {
    start(caller((run, n) => work(run, n).then(resolve, resolve), trigger$));
    void clock.sleep(1).then(() => trigger$.next(20));
  });
}

/** The host as its agents see it. */
function inside(host: Host): AgentHost {
  return host as unknown as AgentHost;
}

const answering: CallHandler<number, string> = async (n) => `set to ${n}`;
const hanging: CallHandler<number, string> = async (_n, { sleep }) => {
  await sleep('1h');
  return 'never';
};

describe('run.call', () => {
  it(
    'resolves with what the server gives',
    marbleTest(async (helpers) => {
      helpers.start(server(answering));
      expect(await callOnce(helpers, ({ call }, n) => call(setpoint, n))).toBe('set to 20');
      expect(helpers.clock.now()).toBe(1);
    }),
  );

  it(
    'needs neither input nor output',
    marbleTest(async (helpers) => {
      const { start } = helpers;
      start(
        defineAgent({
          name: 'server',
          streams: ({ bus }) => ({ r$: bus.serve(reset, async () => undefined) }),
        }),
      );
      expect(await callOnce(helpers, ({ call }) => call(reset, undefined))).toBeUndefined();
    }),
  );

  it(
    'fails at once when nobody serves it [B30]',
    marbleTest(async (helpers) => {
      const error = await callOnce(helpers, ({ call }, n) => call(setpoint, n));
      expect(helpers.clock.now()).toBe(1);
      expect(error).toMatchObject({
        name: 'CallError',
        code: 'unreachable',
        procedure: 'site/setpoint',
        message:
          'caller: site/setpoint is unreachable: nobody serves it. Start the agent that serves it, and keep it running.',
      });
    }),
  );

  it.each([
    [undefined, 5000, '5s'],
    ['300ms', 300, '300ms'],
  ])('fails at its deadline when it is not answered: %s [B30]', (timeout, ms, text) =>
    marbleTest(async (helpers) => {
      helpers.start(server(hanging));
      const options = timeout === undefined ? {} : { timeout };
      const error = await callOnce(helpers, ({ call }, n) => call(setpoint, n, options));
      expect(helpers.clock.now()).toBe(1 + ms);
      expect(error).toMatchObject({
        code: 'call-timeout',
        message: `caller: the call of site/setpoint was not answered within ${text}. See whether its server is at work, or give the call a longer timeout.`,
      });
      await helpers.clock.sleep(1);
      expect(helpers.host.ledger()).toEqual([]);
    })(),
  );

  it.each<[string, () => never, string, string]>([
    [
      'an error with a code',
      () => {
        throw Object.assign(new Error('25 at most'), { code: 'TOO_HOT' });
      },
      'TOO_HOT',
      '25 at most',
    ],
    [
      'an error of the kit',
      () => {
        throw new AgentError('bad-option', 'not that');
      },
      'bad-option',
      'not that',
    ],
    [
      'any other error',
      () => {
        throw new Error('oh');
      },
      'handler-failed',
      'oh',
    ],
    [
      'no error at all',
      () => {
        throw 'a text';
      },
      'handler-failed',
      'a text',
    ],
  ])("fails with the server's code for %s [B30]", (_what, fail, remoteCode, why) =>
    marbleTest(async (helpers) => {
      const agent = helpers.start(server(async () => fail()));
      const failures: string[] = [];
      agent.errors$.subscribe(({ code }) => failures.push(code));
      expect(await callOnce(helpers, ({ call }, n) => call(setpoint, n))).toMatchObject({
        name: 'CallError',
        code: 'call-failed',
        agent: 'caller',
        procedure: 'site/setpoint',
        remoteCode,
        message: `caller: the call of site/setpoint failed there: ${why}`,
      });
      expect(failures).toEqual(['handler-failed']);
    })(),
  );

  it(
    'refuses an input that does not fit, before it is sent [B29]',
    marbleTest(async (helpers) => {
      let runs = 0;
      helpers.start(server(async () => `${++runs}`));
      const error = await callOnce(helpers, ({ call }) => call(setpoint, 'hot' as unknown as number));
      expect(error).toMatchObject({ code: 'bad-message' });
      expect((error as Error).message).toContain('site/setpoint: the payload does not fit its schema:');
      expect(runs).toBe(0);
    }),
  );

  it(
    'fails when the output does not fit, on both sides',
    marbleTest(async (helpers) => {
      const agent = helpers.start(server((async () => 7) as unknown as CallHandler<number, string>));
      const failures: unknown[] = [];
      agent.errors$.subscribe(({ cause }) => failures.push(cause));
      const error = await callOnce(helpers, ({ call }, n) => call(setpoint, n));
      expect(error).toMatchObject({ code: 'call-failed', remoteCode: 'bad-message' });
      expect(failures).toEqual([expect.objectContaining({ code: 'bad-message' })]);
    }),
  );

  it(
    'refuses what comes from outside and does not fit: counted, traced, run by no handler [B29]',
    marbleTest(async ({ start, host, bus, clock }) => {
      const events: TraceEvent[] = [];
      host.trace$.subscribe((event) => events.push(event));
      let runs = 0;
      start(server(async () => `${++runs}`));
      await clock.sleep(1);
      const replies: unknown[] = [];
      bus.request('site/setpoint', 'hot', (reply) => replies.push(reply));
      await clock.sleep(1);
      expect(runs).toBe(0);
      expect(replies).toEqual([expect.objectContaining({ isOk: false, code: 'bad-message' })]);
      expect(events.filter(({ type }) => type === 'call-refused')).toHaveLength(1);
    }),
  );

  it(
    'fails without a crash for what is too large, and for what is no procedure',
    marbleTest(async (helpers) => {
      helpers.start(server(answering));
      const text = procedure('text', { input: z.string(), output: z.void() });
      expect(
        await callOnce(helpers, ({ call }) =>
          Promise.allSettled([call(text, 'x'.repeat(1e6)), call({} as typeof text, '')]),
        ),
      ).toMatchObject([{ reason: { code: 'message-too-large' } }, { reason: { code: 'bad-procedure' } }]);
    }),
  );

  it(
    'refuses a timeout that is none',
    marbleTest(async (helpers) => {
      const error = await callOnce(helpers, async ({ call }, n) =>
        call(setpoint, n, { timeout: 'soon' as '1s' }),
      );
      expect(error).toMatchObject({ code: 'bad-duration' });
    }),
  );

  it(
    'fails when the bus loses its connection, and while it is away',
    marbleTest(async (helpers) => {
      const { start, bus, clock } = helpers;
      start(server(hanging));
      void clock.sleep(10).then(() => bus.drop());
      expect(await callOnce(helpers, ({ call }, n) => call(setpoint, n))).toMatchObject({
        code: 'call-failed',
        remoteCode: 'bus-disconnected',
      });
      expect(clock.now()).toBe(10);
    }),
  );

  it(
    'parks the run, by the name of the procedure',
    marbleTest(async ({ start, host, clock }) => {
      const trigger$ = new Subject<number>();
      start(server(hanging));
      start(caller(({ call }, n) => call(setpoint, n, { timeout: '1m' }), trigger$));
      await clock.sleep(5);
      trigger$.next(20);
      await clock.sleep(5);
      expect(host.ledger()).toContainEqual(
        expect.objectContaining({
          agent: 'caller',
          parked: [{ on: 'call', detail: 'site/setpoint', since: 5 }],
        }),
      );
    }),
  );

  it(
    'keeps to the order in which things were sent',
    marbleTest(async (helpers) => {
      const { start, bus } = helpers;
      const log: string[] = [];
      start(
        defineAgent({
          name: 'server',
          streams: () => {
            bus.subscribe('news', ({ payload }) => log.push(`news ${JSON.stringify(payload)}`));
            return {};
          },
        }),
      );
      start(server(async (n) => `${log.push(`call ${n}`)}`, {}, 'other'));
      await callOnce(helpers, ({ call }) => {
        const first = call(setpoint, 1);
        bus.publish('news', 2, false);
        return Promise.all([first, call(setpoint, 3)]);
      });
      expect(log).toEqual(['call 1', 'news 2', 'call 3']);
    }),
  );

  it(
    'lets others have their turn, however many calls follow one another',
    marbleTest(async (helpers) => {
      const { start, host, clock } = helpers;
      start(server(answering));
      let calls = 0;
      let callsBefore: number | undefined;
      await callOnce(helpers, async ({ call }, n) => {
        inside(host).scheduler.schedule(() => (callsBefore = calls));
        for (; calls < 2000; calls++) await call(setpoint, n);
      });
      expect(callsBefore).toBeLessThan(200);
      expect(clock.now()).toBe(1);
    }),
  );
});

describe("The caller's abort", () => {
  const aborts: [string, (helpers: MarbleHelpers, trigger$: Subject<number>) => unknown][] = [
    ['a switch', (_helpers, trigger$) => trigger$.next(0)],
    ['a stop', ({ host }) => host.agents.get('caller')!.stop()],
    ['its deadline', ({ clock }) => clock.sleep('30s')],
  ];

  it.each(aborts)("reaches the server's signal: %s [B30]", (_how, abort) =>
    marbleTest(async (helpers) => {
      const { start, clock, host } = helpers;
      const trigger$ = new Subject<number>();
      const reasons: unknown[] = [];
      const events: TraceEvent[] = [];
      host.trace$.subscribe((event) => events.push(event));
      start(
        server(async (_n, { signal, sleep }) => {
          signal.addEventListener('abort', () => reasons.push(signal.reason));
          await sleep('1h');
          return 'never';
        }),
      );
      start(caller(({ call }, n) => (n > 0 ? call(setpoint, n) : Promise.resolve()), trigger$));
      await clock.sleep(1);
      trigger$.next(1);
      await clock.sleep(1);
      await abort(helpers, trigger$);
      await clock.sleep(1);
      expect(reasons).toEqual([expect.objectContaining({ code: 'cancelled', reason: 'called-off' })]);
      expect(host.ledger()).toEqual([]);
      expect(events).toContainEqual(
        expect.objectContaining({ type: 'run-aborted', agent: 'server', reason: 'called-off' }),
      );
    })(),
  );

  it(
    'ends the pause before a retry, too, and lets the next in line begin',
    marbleTest(async ({ start, clock, host }) => {
      const trigger$ = new Subject<number>();
      const log: string[] = [];
      const retry = { count: 3, backoff: '1m' } as const;
      start(
        server(
          async (n) => {
            log.push(`run ${n}`);
            if (n === 1) throw new Error('not yet');
            return 'done';
          },
          { retry, concurrency: 1 },
        ),
      );
      start(caller(({ call }, n) => call(setpoint, n).then((answer) => log.push(answer)), trigger$));
      await clock.sleep(1);
      trigger$.next(1);
      await clock.sleep(1);
      expect(log).toEqual(['run 1']);
      trigger$.next(2);
      await clock.sleep(1);
      expect(log).toEqual(['run 1', 'run 2', 'done']);
      expect(host.ledger()).toEqual([]);
    }),
  );

  it(
    'leaves nothing of a thousand switches and of a stop [B21]',
    marbleTest(async ({ start, clock, host }) => {
      const trigger$ = new Subject<number>();
      let ends = 0;
      let begun = 0;
      start(
        server(async (_n, { sleep }) => {
          begun++;
          try {
            await sleep('1h');
          } finally {
            ends++;
          }
          return 'never';
        }),
      );
      const agent = start(
        defineAgent({
          name: 'caller',
          streams: ({ handle }) => ({
            switch$: trigger$.pipe(handle.switch((n, { call }) => call(setpoint, n, { timeout: '1d' }))),
            merge$: trigger$.pipe(handle.merge((n, { call }) => call(setpoint, n, { timeout: '1d' }))),
          }),
        }),
      );
      await clock.sleep(1);
      for (let n = 0; n < 1000; n++) {
        trigger$.next(n);
        if (n % 7 === 0) await clock.sleep(1);
      }
      await clock.sleep(1);
      // Those of the merge, and the last of the switch, on both sides.
      expect(host.ledger()).toHaveLength(2 * 1001);
      expect(await agent.stop()).toEqual({ agent: 'caller', left: [] });
      await clock.sleep(1);
      expect(ends).toBe(begun);
      expect(host.ledger()).toEqual([]);
      expect(inside(host).scheduler.size).toBe(0);
      expect(inside(host).activity).toMatchObject({ awake: 0, external: 0 });
      const { open, dispatch } = inside(host).bus.bus as unknown as Pick<InMemoryBus, 'open'> & {
        readonly dispatch: Dispatch;
      };
      expect([open.size, dispatch.isEmpty]).toEqual([0, true]);
    }),
  );
});

describe('bus.serve', () => {
  it(
    'emits the calls that have been answered, each as a run of its own',
    marbleTest(({ start, expectObservable, expectHandlers }) => {
      const trigger$ = new Subject<number>();
      const agent = start(
        server(async (n, { sleep }) => {
          await sleep(n);
          if (n === 20) throw new Error('no');
          return `${n}`;
        }),
      );
      start(
        defineAgent({
          name: 'callers',
          streams: ({ lifecycle, handle }) => ({
            calls$: lifecycle.start$.pipe(
              handle.merge((_event, { call }) =>
                Promise.allSettled([30, 20, 10].map((n) => call(setpoint, n))),
              ),
              tap(() => trigger$.complete()),
            ),
          }),
        }),
      );
      expectObservable(agent.streams.served$).toBe('10ms a 19ms b', {
        a: { input: 10, output: '10' },
        b: { input: 30, output: '30' },
      });
      expectHandlers(agent, 'served$').toBe('(sss) 5ms e 9ms f 9ms e');
    }),
  );

  it(
    'queues beyond its concurrency, and answers those that find no room',
    marbleTest(async (helpers) => {
      const { start } = helpers;
      start(
        server(
          async (n, { sleep }) => {
            await sleep('1s');
            return `${n}`;
          },
          { concurrency: 1, buffer: 1 },
        ),
      );
      const results = await callOnce(helpers, ({ call }) =>
        Promise.allSettled([1, 2, 3].map((n) => call(setpoint, n))),
      );
      expect(results).toMatchObject([
        { value: '1' },
        { value: '2' },
        { reason: { code: 'call-failed', remoteCode: 'overflow' } },
      ]);
    }),
  );

  it(
    'answers with timeout when its run takes too long, after its retries',
    marbleTest(async (helpers) => {
      helpers.start(server(hanging, { timeout: '1s', retry: { count: 1, backoff: '500ms' } }));
      expect(await callOnce(helpers, ({ call }, n) => call(setpoint, n))).toMatchObject({
        code: 'call-failed',
        remoteCode: 'timeout',
      });
      expect(helpers.clock.now()).toBe(2501);
    }),
  );

  it(
    'answers once, by the attempt that succeeds',
    marbleTest(async (helpers) => {
      let attempts = 0;
      helpers.start(
        server(
          async (_n, run) => {
            attempts++;
            // The first goes on after its abort, and ends in the midst of the second.
            if (run.attempt === 1) {
              await helpers.clock.sleep(1200);
              return 'late';
            }
            await run.sleep(500);
            return 'second';
          },
          { timeout: '1s', retry: { count: 1, backoff: 0 } },
        ),
      );
      expect(await callOnce(helpers, ({ call }, n) => call(setpoint, n))).toBe('second');
      expect(attempts).toBe(2);
    }),
  );

  it(
    'tells the callers when it stops: those in flight, and those in line',
    marbleTest(async (helpers) => {
      const { start, clock } = helpers;
      const agent = start(server(hanging, { concurrency: 1 }));
      void clock.sleep(100).then(() => agent.stop());
      const results = await callOnce(helpers, ({ call }) =>
        Promise.allSettled([1, 2].map((n) => call(setpoint, n))),
      );
      expect(clock.now()).toBe(100);
      expect(results).toMatchObject([
        { reason: { code: 'unreachable' } },
        { reason: { code: 'unreachable' } },
      ]);
    }),
  );

  it(
    'finishes what is in flight with onStop: drain, and answers it',
    marbleTest(async (helpers) => {
      const { start, clock } = helpers;
      const agent = start(
        server(
          async (n, { sleep }) => {
            await sleep('1s');
            return `${n}`;
          },
          { onStop: 'drain' },
        ),
      );
      void clock.sleep(100).then(() => agent.stop());
      expect(await callOnce(helpers, ({ call }, n) => call(setpoint, n))).toBe('20');
      await clock.sleep(1);
      expect(agent.state).toBe('stopped');
    }),
  );

  it(
    'works in stop$ handlers of others, and no more when the agent has left [B7]',
    marbleTest(async ({ start, clock }) => {
      const answers: unknown[] = [];
      const serving = start(server(answering));
      const agent = start(
        defineAgent({
          name: 'agent',
          streams: ({ lifecycle, handle }) => ({
            bye$: lifecycle.stop$.pipe(
              handle.merge(async (_event, { call }) => {
                answers.push(await call(setpoint, 1));
                await serving.stop();
                answers.push(await call(setpoint, 2).catch((error: unknown) => (error as AgentError).code));
              }),
            ),
          }),
        }),
      );
      await clock.sleep(1);
      await agent.stop();
      expect(answers).toEqual(['set to 1', 'unreachable']);
    }),
  );

  it(
    'may stand once for a procedure: a second server does not start',
    marbleTest(async ({ host }) => {
      await host.start(server(answering, {}, 'first'));
      await expect(host.start(server(answering, {}, 'second'))).rejects.toMatchObject({
        code: 'duplicate-server',
        message:
          'site/setpoint is served already by first. A procedure has one server; give this one another name, or stop the other.',
      });
      expect([...host.agents.keys()]).toEqual(['first']);
      await host.agents.get('first')!.stop();
      await expect(host.start(server(answering, {}, 'second'))).resolves.toBeDefined();
    }),
  );

  it(
    'may stand once for a procedure in one agent, too: nothing starts to serve',
    marbleTest(async ({ host }) => {
      const twice = defineAgent({
        name: 'twice',
        streams: ({ bus }) => ({ a$: bus.serve(setpoint, answering), b$: bus.serve(setpoint, answering) }),
      });
      await expect(host.start(twice)).rejects.toMatchObject({ code: 'duplicate-server' });
      await expect(host.start(server(answering))).resolves.toBeDefined();
    }),
  );

  it(
    'refuses what is no procedure, no handler, no option, no single answer',
    marbleTest(async (helpers) => {
      helpers.start(
        defineAgent({
          name: 'agent',
          streams: ({ bus }) => {
            expect(() => bus.serve({} as typeof setpoint, answering)).toThrow(
              expect.objectContaining({ code: 'bad-procedure' }),
            );
            expect(() => bus.serve(setpoint, 7 as unknown as typeof answering)).toThrow(
              expect.objectContaining({ code: 'bad-option' }),
            );
            expect(() => bus.serve(setpoint, answering, { concurrency: 0 })).toThrow(
              expect.objectContaining({ code: 'bad-option' }),
            );
            async function* several() {
              yield 'one';
              yield 'two';
            }
            return { served$: bus.serve(setpoint, several as unknown as typeof answering) };
          },
        }),
      );
      expect(await callOnce(helpers, ({ call }, n) => call(setpoint, n))).toMatchObject({
        remoteCode: 'bad-message',
      });
    }),
  );

  it(
    'is traced on both sides',
    marbleTest(async (helpers) => {
      const lines: string[] = [];
      helpers.host.trace$.subscribe((event) => {
        if (event.type.startsWith('call') || event.type.startsWith('run'))
          lines.push(`${event.agent} ${event.type}`);
      });
      helpers.start(server(answering));
      await callOnce(helpers, ({ call }, n) => call(setpoint, n));
      expect(lines).toEqual([
        'caller run-started',
        'caller run-parked',
        'caller call-sent',
        'server run-started',
        'server run-settled',
        'caller call-answered',
        'caller run-resumed',
      ]);
    }),
  );
});
