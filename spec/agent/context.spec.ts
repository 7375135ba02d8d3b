import { delay, map, NEVER, observeOn, of, tap, timer } from 'rxjs';
import { type AgentContext, createHost, defineAgent, type Run } from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';

/** The context of an agent that does nothing but hand it out. */
function contextOf(take: (context: AgentContext<object>) => void) {
  return defineAgent({
    name: 'agent',
    streams: (context) => {
      take(context);
      return { never$: NEVER };
    },
  });
}

const logTo = (lines: unknown[]) => {
  const write =
    (level: string) =>
    (message: string, fields?: object): void => {
      lines.push([level, message, fields]);
    };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
};

describe('The context of an agent', () => {
  it(
    'names the agent and its host',
    marbleTest(async ({ clock }) => {
      const names: string[] = [];
      const host = createHost({ name: 'plant', clock });
      await host.start(contextOf(({ name, host: facts }) => names.push(name, facts.name)));
      await host.stop();
      expect(names).toEqual(['agent', 'plant']);
    }),
  );

  it(
    'has a log that adds the agent, and in a run the stream and the run, to each line',
    marbleTest(async ({ clock }) => {
      const lines: unknown[] = [];
      const host = createHost({ clock, log: logTo(lines) });
      const agent = await host.start(
        defineAgent({
          name: 'agent',
          streams: ({ log, lifecycle, handle }) => ({
            run$: lifecycle.ready$.pipe(
              handle.merge(async (_e, run: Run) => {
                log.info('in the agent', { more: 1 });
                run.log.warn('in the run');
                log.debug('quiet');
                run.log.error('loud', { agent: 'other' });
              }),
            ),
          }),
        }),
      );
      await agent.stop();
      await host.stop();
      expect(lines).toEqual([
        ['info', 'in the agent', { agent: 'agent', more: 1 }],
        ['warn', 'in the run', { agent: 'agent', stream: 'run$', run: 1 }],
        ['debug', 'quiet', { agent: 'agent' }],
        ['error', 'loud', { agent: 'other', stream: 'run$', run: 1 }],
      ]);
    }),
  );

  it(
    'has a signal that is aborted when the agent has stopped, with Cancelled as its reason',
    marbleTest(async ({ start, clock }) => {
      const seen: unknown[] = [];
      let context: AgentContext<object> | undefined;
      const agent = start(contextOf((given) => (context = given)));
      const { signal } = context!;
      expect(context!.signal).toBe(signal);
      signal.addEventListener('abort', () => seen.push(agent.state, signal.reason));
      await clock.sleep(1);
      expect(signal.aborted).toBe(false);
      await agent.stop();
      expect(seen).toMatchObject(['finish', { code: 'cancelled', reason: 'stopped' }]);
    }),
  );

  it(
    'has a signal that is aborted already when it is first asked for after the end',
    marbleTest(async ({ start }) => {
      let context: AgentContext<object> | undefined;
      await start(contextOf((given) => (context = given))).stop();
      expect(context!.signal.aborted).toBe(true);
    }),
  );

  it(
    'has the instant of the host’s clock',
    marbleTest(async ({ start, clock }) => {
      let context: AgentContext<object> | undefined;
      start(contextOf((given) => (context = given)));
      await clock.sleep(1234);
      expect(context!.time.now()).toBe(1234);
      expect(context!.scheduler.now()).toBe(1234);
    }),
  );

  it(
    'has operators that can be made in advance, taken apart and used more than once',
    marbleTest(({ hot, start, expectObservable }) => {
      const agent = defineAgent({
        name: 'agent',
        streams: ({ time, handle }) => {
          const late = time.after<string>(2);
          const shout = handle.switch(async (value: string) => value.toUpperCase());
          return { one$: hot('a----').pipe(late, shout), two$: hot('-b---').pipe(late, shout) };
        },
      });
      const { streams } = start(agent);
      expectObservable(streams.one$).toBe('--A--');
      expectObservable(streams.two$).toBe('---B-');
    }),
  );
});

describe('The time of the context', () => {
  it(
    'tells the monotonic instant and the wall clock apart',
    marbleTest(async ({ clock, host }) => {
      const seen: (readonly [number, number])[] = [];
      const read = contextOf(({ time }) => seen.push([time.now(), time.wallNow()]));
      await (await host.start(read)).stop();
      clock.setWallBy(-5000);
      await (await host.start(read)).stop();
      expect(seen).toEqual([
        [0, 0],
        [0, -5000],
      ]);
    }),
  );
});

describe('The random source of the context', () => {
  it(
    'is the one that the host was given',
    marbleTest(async ({ clock }) => {
      const drawn: number[] = [];
      const host = createHost({ clock, random: () => 0.25 });
      await host.start(contextOf(({ random }) => drawn.push(random())));
      await host.stop();
      expect(drawn).toEqual([0.25]);
    }),
  );
});

describe('The scheduler of the context', () => {
  it(
    'is taken by RxJS’s operators',
    marbleTest(({ hot, start, expectObservable }) => {
      const agent = defineAgent({
        name: 'agent',
        streams: ({ scheduler }) => ({
          delayed$: hot('ab').pipe(delay(3, scheduler)),
          timed$: timer(2, 2, scheduler).pipe(map((count) => `${count}`)),
          observed$: of('x', 'y').pipe(observeOn(scheduler, 1)),
        }),
      });
      const { streams } = start(agent);
      expectObservable(streams.delayed$).toBe(' ---ab');
      expectObservable(streams.timed$).toBe('   --0-1-2');
      expectObservable(streams.observed$).toBe('-(xy|)');
    }),
  );

  it(
    'runs nothing any more when the agent has stopped, not even what is scheduled then',
    marbleTest(async ({ start, host, clock }) => {
      const log: string[] = [];
      let context: AgentContext<object> | undefined;
      const agent = start(
        defineAgent({
          name: 'agent',
          streams: (given) => {
            context = given;
            given.scheduler.schedule(() => log.push('never'), 10);
            given.scheduler.schedule(function () {
              log.push('again');
              if (log.length === 2) void agent.stop();
              this.schedule(undefined, 2);
            }, 2);
            return {
              ticks$: timer(0, 1, given.scheduler).pipe(tap({ unsubscribe: () => log.push('unsubscribed') })),
            };
          },
        }),
      );
      await clock.sleep(20);
      expect(log).toEqual(['again', 'again', 'unsubscribed']);
      const late = context!.scheduler.schedule(() => log.push('late'), 1);
      expect(late.closed).toBe(true);
      await clock.sleep(20);
      expect(log).toHaveLength(3);
      expect((host as unknown as { scheduler: { size: number } }).scheduler.size).toBe(0);
    }),
  );
});
