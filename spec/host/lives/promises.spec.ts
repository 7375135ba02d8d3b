import { finalize, NEVER, Observable, of, tap } from 'rxjs';
import {
  type Bus,
  type BusStatus,
  type ConfigStore,
  group,
  memoryBus,
  procedure,
  type StopReport,
  topic,
} from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';
import { z } from 'zod';
import { agentOf, agentThat, armedIn, failing, hostOn, often } from './support';

const setpoint = procedure('site/setpoint', { input: z.number(), output: z.number() });
const reading = topic('reading', z.number());

/** A bus that is connected, and does what is asked of it in another way. */
function busWith(changes: Partial<Bus>): Bus {
  const bus = memoryBus();
  const changed: Bus = {
    status$: bus.status$,
    connect: (context) => bus.connect(context),
    close: () => bus.close(),
    publish: (address, payload, retain) => bus.publish(address, payload, retain),
    subscribe: (filter, listener) => bus.subscribe(filter, listener),
    request: (name, payload, answer) => bus.request(name, payload, answer),
    serve: (name, server) => bus.serve(name, server),
  };
  return { ...changed, ...changes };
}

const fail = (): never => {
  throw new Error('foreign');
};

describe('A stop', () => {
  it.each(['agent', 'host'] as const)(
    'of the %s in the wait before a restart leaves no timer armed',
    (which) =>
      marbleTest(async ({ clock }) => {
        const host = hostOn(clock);
        const { agent, fail: down } = failing('a', { restart: { backoff: { from: '8s', jitter: 0 } } });
        const handle = await host.start(agent);
        down();
        await clock.sleep(1);
        expect([handle.state, armedIn(host)]).toEqual(['restarting', 1]);
        await (which === 'agent' ? handle.stop() : host.stop());
        expect([handle.state, armedIn(host), host.ledger()]).toEqual(['stopped', 0, []]);
        await host.stop();
      })(),
  );

  it(
    'of a host whose agents need one another ends',
    marbleTest(async ({ clock }) => {
      const host = hostOn(clock);
      const first = await host.start(agentOf('b'));
      await host.start(agentOf('a', undefined, { needs: ['b'] }));
      await first.stop();
      await host.start(agentOf('b', undefined, { needs: ['a'] }));
      expect((await host.stop()).agents.map(({ agent }) => agent)).toEqual(['b', 'a']);
      expect(clock.now()).toBe(0);
    }),
  );

  it(
    'ends a marble test whose agents need one another',
    marbleTest(({ start, expectObservable }) => {
      const { s$ } = start(
        agentOf('a', ({ lifecycle }) => ({ s$: lifecycle.ready$ }), { needs: ['b'] }),
      ).streams;
      start(agentOf('b', undefined, { needs: ['a'] }));
      expectObservable(s$!).toBe('r', { r: { type: 'ready', agent: 'a', at: 0 } });
    }),
  );

  it.each(['serve', 'subscribe'] as const)(
    'ends, and the start rejects, where the bus throws in %s',
    (where) =>
      marbleTest(async ({ clock }) => {
        const host = hostOn(clock, { bus: busWith({ [where]: fail }) });
        const start = host.start(
          agentOf('a', ({ bus }) => ({
            served$: where === 'serve' ? bus.serve(setpoint, async () => 1) : bus.messages(reading),
            silent$: NEVER,
          })),
        );
        await expect(start).rejects.toThrow('foreign');
        expect([...host.agents.keys()]).toEqual([]);
        await host.stop();
        expect([clock.now(), armedIn(host)]).toEqual([0, 0]);
      })(),
  );

  it(
    'ends, and the start rejects, where somebody else on the bus serves the procedure already',
    marbleTest(async ({ clock }) => {
      const bus = memoryBus();
      bus.serve('site/setpoint', () => () => undefined);
      const host = hostOn(clock, { bus });
      const agent = agentOf('a', ({ bus: own }) => ({ served$: own.serve(setpoint, async () => 1) }));
      await expect(host.start(agent)).rejects.toMatchObject({ code: 'duplicate-server' });
      await host.stop();
      expect([clock.now(), armedIn(host)]).toEqual([0, 0]);
    }),
  );

  it(
    'ends where teardowns throw: in readyWhen, in scheduled work, and in the bus',
    marbleTest(async ({ clock }) => {
      const bus = memoryBus();
      const host = hostOn(clock, {
        bus: busWith({
          status$: bus.status$,
          connect: (context) => bus.connect(context),
          close: () => bus.close(),
          subscribe: () => fail,
        }),
      });
      const told: string[] = [];
      host.errors$.subscribe(({ message }) => told.push(message));
      const reports: StopReport[] = [];
      for (const readyWhen of [() => of(1).pipe(finalize(fail)), () => NEVER.pipe(finalize(fail))]) {
        const start = host.start(
          agentOf(
            'a',
            ({ scheduler, bus: own }) => {
              scheduler.schedule(() => undefined, 1000).add(fail);
              return { message$: own.messages(reading), other$: NEVER };
            },
            { readyWhen, startTimeout: '1s' },
          ),
        );
        const agent = await start.catch(() => undefined);
        if (agent !== undefined) reports.push(await agent.stop());
      }
      expect(reports).toEqual([{ agent: 'a', left: [] }]);
      expect((await host.stop()).left).toEqual([]);
      expect(told.filter((message) => message.includes('foreign'))).toEqual([
        expect.stringContaining('a.scheduler: its teardown threw'),
        'a: what it has on the bus threw at its end: foreign',
        expect.stringContaining('a.readyWhen: its teardown threw'),
        'a: what it has on the bus threw at its end: foreign',
      ]);
      expect(armedIn(host)).toBe(0);
    }),
  );

  it.each([
    ['hangs', (): Promise<void> => new Promise(() => undefined), 3000, 'stop-timeout'],
    ['throws', fail, 0, 'bus-failed'],
    ['rejects', async (): Promise<void> => fail(), 0, 'bus-failed'],
  ])('of a host ends by its deadline where the close of its bus %s', (_how, close, at, code) =>
    marbleTest(async ({ clock }) => {
      const host = hostOn(clock, { bus: busWith({ close }), stopDeadline: '3s' });
      const codes: string[] = [];
      let isOver = false;
      host.errors$.subscribe({ next: (error) => codes.push(error.code), complete: () => (isOver = true) });
      await host.start(agentOf('a'));
      await host.stop();
      expect([clock.now(), codes, isOver, armedIn(host)]).toEqual([at, [code], true, 0]);
    })(),
  );

  it(
    'of a host has one deadline for its agents and for its bus',
    marbleTest(async ({ clock }) => {
      const host = hostOn(clock, {
        bus: busWith({ close: () => new Promise(() => undefined) }),
        stopDeadline: '3s',
        stopTimeout: '1h',
      });
      await host.start(
        agentOf('a', ({ lifecycle, handle }) => ({
          hangs$: lifecycle.stop$.pipe(handle.concat((_event, { sleep }) => sleep('1h'))),
        })),
      );
      const { left } = await host.stop();
      expect([clock.now(), left.length, armedIn(host)]).toEqual([3000, 1, 0]);
    }),
  );

  it(
    'of a host ends where the close of its store or its offloader throws, and each is told of',
    marbleTest(async ({ clock }) => {
      const store: ConfigStore = {
        origin: 'here',
        sections: () => [],
        read: () => undefined,
        watch: () => fail,
      };
      const warnings: string[] = [];
      const log = {
        debug: () => {},
        info: () => {},
        error: () => {},
        warn: (text: string) => void warnings.push(text),
      };
      const host = hostOn(clock, { log, configs: store, offload: { run: async () => 1, close: fail } });
      const told: string[] = [];
      host.errors$.subscribe(({ message }) => told.push(message));
      await host.start(agentOf('a'));
      await host.stop();
      expect(told).toEqual(['The store of configs threw: foreign']);
      expect(warnings).toEqual(['The pool for offloaded work could not be closed: foreign']);
    }),
  );

  it(
    'waits once for a handler that hangs, also on the bus',
    marbleTest(async ({ clock }) => {
      const host = hostOn(clock);
      const agent = await host.start(
        agentOf(
          'a',
          ({ lifecycle, handle, bus }) => ({
            hung$: lifecycle.stop$.pipe(
              handle.concat(() => new Promise<void>(() => undefined), { name: 'hung' }),
            ),
            message$: bus.messages(reading),
          }),
          { stopTimeout: 400 },
        ),
      );
      const { left } = await agent.stop();
      expect([clock.now(), left]).toEqual([400, [expect.objectContaining({ handler: 'hung' })]]);
      await host.stop();
    }),
  );

  it(
    'lets what stop$ has published arrive, though a handler hangs',
    marbleTest(async ({ clock }) => {
      const host = hostOn(clock);
      const seen: number[] = [];
      const agent = await host.start(
        agentOf(
          'a',
          ({ lifecycle, handle, bus }) => ({
            hung$: lifecycle.stop$.pipe(
              tap(() => bus.publish(reading, 1)),
              handle.concat(() => new Promise<void>(() => undefined)),
            ),
            message$: bus.messages(reading).pipe(tap(({ payload }) => seen.push(payload))),
          }),
          { stopTimeout: 400 },
        ),
      );
      await agent.stop();
      expect(seen).toEqual([1]);
      await host.stop();
    }),
  );
});

describe('A start', () => {
  it(
    'has one deadline for the bus and for what makes it ready',
    marbleTest(async ({ clock }) => {
      const status$ = new Observable<BusStatus>((subscriber) => {
        subscriber.next('connecting');
        const timer = setTimeout(() => subscriber.next('connected'), 20_000);
        return () => clearTimeout(timer);
      });
      const host = hostOn(clock, {
        bus: busWith({ status$, connect: () => undefined, close: async () => undefined }),
      });
      const start = host.start(agentOf('a', undefined, { readyWhen: () => NEVER, startTimeout: '30s' }));
      await expect(start).rejects.toMatchObject({ code: 'start-timeout' });
      expect(clock.now()).toBe(30_000);
      await host.stop();
    }),
  );

  it.each([
    ['is stopped by hand', 'agent-stopped'],
    ['fails in its second set-up', 'no second life'],
    ['fails past the limit', 'restart-limit'],
    ['is stopped past the limit of another one', 'agent-stopped'],
  ])('of many settles when one that was suspended in its first start %s', (how, why) =>
    marbleTest(async ({ clock }) => {
      const host = hostOn(clock);
      let lives = 0;
      const slow = agentOf(
        'slow',
        ({ lifecycle, time }) => {
          if (++lives === 2 && how.includes('second set-up')) throw new Error('no second life');
          return { up$: lifecycle.start$.pipe(time.after('1s')) };
        },
        { readyWhen: ({ up$ }) => up$! },
      );
      const max = how.includes('limit') ? 1 : 50;
      const lasts = how.includes('limit') ? [100, 100, 100] : [100];
      const start = host.startAll([
        group({
          name: 'g',
          strategy: 'one-for-all',
          restart: { ...often, max, within: '1h' },
          agents:
            how === 'fails past the limit'
              ? [agentThat('a', { fails: lasts }), slow]
              : [agentThat('a', { fails: lasts }), slow],
        }),
      ]);
      const outcome = start.catch((error: unknown) => error);
      await clock.sleep(150);
      expect(host.agents.get('slow')?.state).toBe('restarting');
      if (how === 'is stopped by hand') await host.agents.get('slow')?.stop();
      const error = await outcome;
      expect(error).toMatchObject({ code: 'start-failed' });
      const { code, message } = (error as { cause: { code?: string; message: string } }).cause;
      expect(how.includes('limit') ? ['restart-limit', 'agent-stopped'] : [why]).toContain(code ?? message);
      expect(host.agents.size).toBe(0);
      await host.stop();
      expect(armedIn(host)).toBe(0);
    })(),
  );

  it(
    'of many has one deadline for each, over all lives that it takes',
    marbleTest(async ({ clock }) => {
      const host = hostOn(clock);
      const endless = { max: Infinity, within: '1h', backoff: { from: 100, factor: 1, jitter: 0 } };
      const start = host.startAll([
        group({
          name: 'g',
          strategy: 'one-for-all',
          restart: endless,
          agents: [
            agentThat('a', { fails: Array<number>(1000).fill(100) }),
            agentThat('b', { readyIn: 300 }),
          ],
        }),
      ]);
      await expect(start).rejects.toMatchObject({
        code: 'start-failed',
        agent: 'b',
        cause: { code: 'start-timeout' },
      });
      expect(clock.now()).toBe(30_000);
      await host.stop();
      expect(armedIn(host)).toBe(0);
    }),
  );

  it(
    'settles where the bus cannot be followed',
    marbleTest(async ({ clock }) => {
      const host = hostOn(clock, { bus: busWith({ status$: new Observable<BusStatus>(fail) }) });
      await expect(host.start(agentOf('a'))).rejects.toMatchObject({ code: 'bus-failed' });
      await host.stop();
      expect(armedIn(host)).toBe(0);
    }),
  );
});
