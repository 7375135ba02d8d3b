import { concatMap, filter, map, NEVER, of, Subject, take, tap, throwError } from 'rxjs';
import { type AgentBus, AgentError, defineAgent, topic, type TraceEvent } from 'rx-agent-kit';
import { type MarbleHelpers, marbleTest, MarbleTestError, runMarbles } from 'rx-agent-kit/testing';
import { z } from 'zod';

const number = topic('numbers/:name', z.number());
const state = topic('state/:name', z.string(), { retain: 'last' });

/** Starts an agent that is nothing but its bus. */
function startBus({ start }: MarbleHelpers, name = 'agent'): AgentBus {
  let given: AgentBus | undefined;
  start(
    defineAgent({
      name,
      streams: ({ bus }) => {
        given = bus;
        return {};
      },
    }),
  );
  return given!;
}

function refusalOf(work: () => unknown): AgentError {
  try {
    work();
  } catch (error) {
    if (error instanceof AgentError) return error;
  }
  throw new Error('It was not refused.');
}

describe('bus.publish', () => {
  it(
    'is heard at the same instant, but never within the call',
    marbleTest(async (helpers) => {
      const bus = startBus(helpers);
      const log: unknown[] = [];
      bus.messages(number).subscribe(({ payload, at }) => log.push(`${payload} at ${at}`));
      await helpers.clock.sleep(10);
      bus.publish(number.at({ name: 'a' }), 1);
      log.push('published');
      await helpers.clock.sleep(1);
      expect(log).toEqual(['published', '1 at 10']);
    }),
  );

  it(
    'is never re-entrant: what a message leads to comes behind what was published before',
    marbleTest(async (helpers) => {
      const bus = startBus(helpers);
      const log: number[] = [];
      bus.messages(number).subscribe(({ payload }) => {
        if (payload < 10) bus.publish(number.at({ name: 'a' }), payload * 10);
        log.push(payload);
      });
      bus.messages(number).subscribe(({ payload }) => log.push(-payload));
      await helpers.clock.sleep(1);
      for (const n of [1, 2]) bus.publish(number.at({ name: 'a' }), n);
      await helpers.clock.sleep(1);
      expect(log).toEqual([1, -1, 2, -2, 10, -10, 20, -20]);
    }),
  );

  it(
    'refuses a payload that does not fit, with the path [B29]',
    marbleTest(async (helpers) => {
      const reading = topic('devices/a', z.object({ sensor: z.object({ celsius: z.number() }) }));
      const bus = startBus(helpers);
      const seen: unknown[] = [];
      bus.messages(reading).subscribe((message) => seen.push(message));
      await helpers.clock.sleep(1);
      const payload = { sensor: { celsius: 'hot' as unknown as number } };
      const { code, message } = refusalOf(() => bus.publish(reading, payload));
      expect(code).toBe('bad-message');
      expect(message).toContain('devices/a: the payload does not fit its schema:\n  sensor.celsius: ');
      await helpers.clock.sleep(1);
      expect(seen).toEqual([]);
    }),
  );

  it(
    'refuses what its receivers could not read, such as a date that JSON makes a text of',
    marbleTest(async (helpers) => {
      const when = topic('when', z.date());
      const moment = topic('moment', z.coerce.date());
      const bus = startBus(helpers);
      const seen: Date[] = [];
      bus.messages(moment).subscribe(({ payload }) => seen.push(payload));
      await helpers.clock.sleep(1);
      expect(refusalOf(() => bus.publish(when, new Date(0))).code).toBe('bad-message');
      bus.publish(moment, new Date(5));
      await helpers.clock.sleep(1);
      expect(seen).toEqual([new Date(5)]);
    }),
  );

  it(
    'reads by the schema for each receiver: defaults, and nothing that is shared',
    marbleTest(async (helpers) => {
      const settings = topic(
        'settings',
        z.object({ level: z.number().default(3), tags: z.array(z.string()) }),
      );
      const bus = startBus(helpers);
      const seen: unknown[] = [];
      bus.messages(settings).subscribe(({ payload }) => {
        seen.push({ ...payload });
        payload.tags.push('mine');
      });
      bus.messages(settings).subscribe(({ payload }) => seen.push(payload));
      await helpers.clock.sleep(1);
      const given = { tags: ['a'] };
      bus.publish(settings, given);
      given.tags.push('too late');
      await helpers.clock.sleep(1);
      expect(seen).toEqual([
        { level: 3, tags: ['a', 'mine'] },
        { level: 3, tags: ['a'] },
      ]);
    }),
  );

  it(
    'refuses a payload beyond the limits, whatever its schema does with it',
    marbleTest(async (helpers) => {
      interface Tree {
        readonly next?: Tree | undefined;
      }
      const tree: z.ZodType<Tree> = z.lazy(() => z.object({ next: tree.optional() }));
      const bus = startBus(helpers);
      await helpers.clock.sleep(1);
      let deep: Tree = {};
      for (let level = 0; level < 100_000; level++) deep = { next: deep };
      expect(refusalOf(() => bus.publish(topic('tree', tree), deep)).code).toBe('message-too-large');
      expect(refusalOf(() => bus.publish(topic('text', z.string()), 'x'.repeat(1e6))).code).toBe(
        'message-too-large',
      );
    }),
  );

  it(
    'refuses what is no whole address',
    marbleTest(async (helpers) => {
      const bus = startBus(helpers);
      await helpers.clock.sleep(1);
      // @ts-expect-error -- Its parameter is missing.
      const error = refusalOf(() => bus.publish(number, 1));
      expect(error).toMatchObject({ code: 'bad-topic', message: expect.stringContaining('numbers/+') });
    }),
  );

  it(
    'throws in setup$ and finish$, when the agent is not on the bus [B1]',
    marbleTest(async ({ start }) => {
      const codes: string[] = [];
      const agent = start(
        defineAgent({
          name: 'agent',
          streams: ({ lifecycle, bus }) => {
            const send = () => codes.push(refusalOf(() => bus.publish(number.at({ name: 'a' }), 1)).message);
            lifecycle.setup$.subscribe(send);
            lifecycle.finish$.subscribe(send);
            return {};
          },
        }),
      );
      await agent.stop();
      expect(codes).toEqual([
        'agent sends to numbers/a while it is set up, before it is on the bus. Send at start$ or later.',
        'agent sends to numbers/a after it has left the bus. Send at stop$ at the latest.',
      ]);
    }),
  );
});

describe('bus.messages', () => {
  it(
    'gives topic, parameters, payload and instant',
    marbleTest(({ start, expectObservable }) => {
      const listener = start(
        defineAgent({
          name: 'listener',
          streams: ({ bus }) => ({
            all$: bus.messages(number),
            b$: bus.messages(number.at({ name: 'b' })).pipe(map(({ payload }) => payload)),
          }),
        }),
      );
      start(
        defineAgent({
          name: 'sender',
          streams: ({ lifecycle, time, bus }) => ({
            sent$: lifecycle.start$.pipe(
              time.every('10ms'),
              take(2),
              tap(({ index }) => bus.publish(number.at({ name: index === 1 ? 'a' : 'b' }), index)),
            ),
          }),
        }),
      );
      expectObservable(listener.streams.all$).toBe('10ms a 9ms b', {
        a: { topic: 'numbers/a', params: { name: 'a' }, payload: 1, at: 10 },
        b: { topic: 'numbers/b', params: { name: 'b' }, payload: 2, at: 20 },
      });
      expectObservable(listener.streams.b$).toBe('20ms b', { b: 2 });
    }),
  );

  it(
    'of a topic and all below it gives no sibling that begins alike [B27]',
    marbleTest(async (helpers) => {
      const below = topic('devices/a/*', z.number());
      const bus = startBus(helpers);
      const seen: string[] = [];
      bus.messages(below).subscribe(({ topic: name }) => seen.push(name));
      await helpers.clock.sleep(1);
      for (const name of ['a', 'a/b', 'ab']) helpers.bus.publish(`devices/${name}`, 1, false);
      await helpers.clock.sleep(1);
      expect(seen).toEqual(['devices/a', 'devices/a/b']);
    }),
  );

  it(
    'reaches an async concat handler in publish order [B28]',
    marbleTest(({ start, expectObservable }) => {
      const listener = start(
        defineAgent({
          name: 'listener',
          streams: ({ bus, handle }) => ({
            handled$: bus.messages(number).pipe(
              handle.concat(async ({ payload }, { sleep }) => {
                await sleep(payload);
                return payload;
              }),
            ),
          }),
        }),
      );
      start(
        defineAgent({
          name: 'sender',
          streams: ({ lifecycle, bus }) => ({
            sent$: lifecycle.start$.pipe(
              concatMap(() => of(30, 20, 10)),
              tap((n) => bus.publish(number.at({ name: 'a' }), n)),
            ),
          }),
        }),
      );
      expectObservable(listener.streams.handled$).toBe('30ms a 19ms b 9ms c', { a: 30, b: 20, c: 10 });
    }),
  );

  it(
    'goes on for all others when one of its subscribers throws, who is told of on errors$ [B28]',
    marbleTest(async (helpers) => {
      const bus = startBus(helpers);
      const seen: number[] = [];
      const errors: string[] = [];
      helpers.host.errors$.subscribe(({ code, message }) => errors.push(`${code} ${message}`));
      bus.messages(number).subscribe(() => {
        throw new Error('no');
      });
      bus.messages(number).subscribe(({ payload }) => seen.push(payload));
      await helpers.clock.sleep(1);
      for (const n of [1, 2]) bus.publish(number.at({ name: 'a' }), n);
      await helpers.clock.sleep(1);
      expect(seen).toEqual([1, 2]);
      expect(errors).toEqual([
        'observer-failed agent: a subscriber threw: no',
        'observer-failed agent: a subscriber threw: no',
      ]);
    }),
  );

  it(
    'refuses what comes from outside and does not fit: counted, traced, seen by no handler [B29]',
    marbleTest(async (helpers) => {
      const events: TraceEvent[] = [];
      helpers.host.trace$.subscribe((event) => events.push(event));
      const bus = startBus(helpers);
      const seen: unknown[] = [];
      bus.messages(number).subscribe((message) => seen.push(message));
      await helpers.clock.sleep(1);
      helpers.bus.publish('numbers/a', 'one', false);
      await helpers.clock.sleep(1);
      expect(seen).toEqual([]);
      expect(bus.refused).toBe(1);
      expect(events.filter(({ type }) => type.startsWith('message'))).toEqual([
        expect.objectContaining({
          type: 'message-refused',
          agent: 'agent',
          topic: 'numbers/a',
          error: expect.objectContaining({ code: 'bad-message' }),
        }),
      ]);
    }),
  );

  it(
    'keeps the last message of a topic that retains it',
    marbleTest(({ start, expectObservable }) => {
      start(
        defineAgent({
          name: 'sender',
          streams: ({ lifecycle, bus }) => ({
            sent$: lifecycle.start$.pipe(
              tap(() => {
                for (const text of ['starting', 'up']) bus.publish(state.at({ name: 'a' }), text);
              }),
            ),
          }),
        }),
      );
      const late = start(
        defineAgent({
          name: 'late',
          streams: ({ lifecycle, time, bus }) => ({
            state$: lifecycle.start$.pipe(
              time.after('1s'),
              concatMap(() => bus.messages(state)),
              map(({ payload }) => payload),
            ),
          }),
        }),
      );
      expectObservable(late.streams.state$).toBe('1s u', { u: 'up' });
    }),
  );

  it(
    'is traced: published once, delivered to each',
    marbleTest(async (helpers) => {
      const events: string[] = [];
      const one = startBus(helpers, 'one');
      const two = startBus(helpers, 'two');
      for (const bus of [one, two]) bus.messages(number).subscribe();
      await helpers.clock.sleep(1);
      helpers.host.trace$.subscribe((event) => {
        if ('topic' in event) events.push(`${event.type} ${event.agent} ${event.topic}`);
      });
      one.publish(number.at({ name: 'a' }), 1);
      await helpers.clock.sleep(1);
      expect(events).toEqual([
        'message-published one numbers/a',
        'message-delivered one numbers/a',
        'message-delivered two numbers/a',
      ]);
    }),
  );

  it(
    'refuses what is no topic',
    marbleTest((helpers) => {
      const bus = startBus(helpers);
      for (const given of [undefined, 'numbers/a', {}])
        expect(refusalOf(() => bus.messages(given as unknown as typeof number)).code).toBe('bad-topic');
    }),
  );
});

describe('An agent on the bus', () => {
  it(
    'is there from start$ on, and leaves it between stop$ and finish$ [B7]',
    marbleTest(async ({ start, clock, bus }) => {
      const log: string[] = [];
      const agent = start(
        defineAgent({
          name: 'agent',
          streams: ({ lifecycle, bus: mine, handle }) => {
            mine.messages(number).subscribe({
              next: ({ payload }) => log.push(`message ${payload}`),
              complete: () => log.push('left'),
            });
            return {
              start$: lifecycle.start$.pipe(tap(() => log.push('start'))),
              stop$: lifecycle.stop$.pipe(
                handle.merge(async (_event, { sleep }) => {
                  await sleep('100ms');
                  mine.publish(number.at({ name: 'bye' }), 3);
                }),
              ),
              finish$: lifecycle.finish$.pipe(tap(() => log.push('finish'))),
            };
          },
        }),
      );
      await clock.sleep(1);
      bus.publish('numbers/a', 1, false);
      await clock.sleep(1);
      const stopped = agent.stop();
      await clock.sleep(50);
      bus.publish('numbers/a', 2, false);
      await stopped;
      bus.publish('numbers/a', 4, false);
      await clock.sleep(1);
      expect(log).toEqual(['start', 'message 1', 'message 2', 'message 3', 'left', 'finish']);
    }),
  );

  it(
    'hears what others publish when they stop at the same instant [B7]',
    marbleTest(async ({ start, host, clock }) => {
      const log: string[] = [];
      start(
        defineAgent({
          name: 'listener',
          streams: ({ bus, handle }) => ({
            heard$: bus
              .messages(number)
              .pipe(handle.merge(async ({ payload }) => log.push(`heard ${payload}`))),
          }),
        }),
      );
      start(
        defineAgent({
          name: 'speaker',
          streams: ({ lifecycle, bus, handle }) => ({
            bye$: lifecycle.stop$.pipe(handle.merge(async () => bus.publish(number.at({ name: 'bye' }), 1))),
          }),
        }),
      );
      await clock.sleep(1);
      const { left } = await host.stop();
      expect(left).toEqual([]);
      expect(log).toEqual(['heard 1']);
      expect(clock.now()).toBe(1);
    }),
  );

  it(
    'hears nothing before it starts [B1]',
    marbleTest(async (helpers) => {
      const sender = startBus(helpers, 'sender');
      await helpers.clock.sleep(1);
      const log: unknown[] = [];
      helpers.start(
        defineAgent({
          name: 'agent',
          streams: ({ lifecycle, bus }) => {
            bus.messages(number).subscribe(({ payload }) => log.push(payload));
            lifecycle.setup$.subscribe(() => sender.publish(number.at({ name: 'a' }), 1));
            lifecycle.start$.subscribe(() => sender.publish(number.at({ name: 'a' }), 2));
            return {};
          },
        }),
      );
      await helpers.clock.sleep(1);
      expect(log).toEqual([2]);
    }),
  );

  it(
    'is restored when the bus comes back, without another start$ [B10]',
    marbleTest(async (helpers) => {
      const { start, bus, clock } = helpers;
      const log: string[] = [];
      start(
        defineAgent({
          name: 'agent',
          streams: ({ lifecycle, bus: mine }) => ({
            start$: lifecycle.start$.pipe(tap(() => log.push('start'))),
            status$: mine.status$.pipe(tap((status) => log.push(status))),
            seen$: mine.messages(number).pipe(tap(({ payload }) => log.push(`message ${payload}`))),
          }),
        }),
      );
      const sender = startBus(helpers, 'sender');
      await clock.sleep(1);
      bus.drop();
      expect(refusalOf(() => sender.publish(number.at({ name: 'a' }), 1)).code).toBe('bus-disconnected');
      await clock.sleep(1);
      bus.restore();
      sender.publish(number.at({ name: 'a' }), 2);
      await clock.sleep(1);
      expect(log).toEqual(['disconnected', 'connected', 'start', 'disconnected', 'connected', 'message 2']);
    }),
  );

  it(
    'waits for a bus that is away, and starts when it is back',
    marbleTest(async ({ start, bus, clock }) => {
      start(defineAgent({ name: 'first', streams: () => ({}) }));
      await clock.sleep(1);
      bus.drop();
      const agent = start(defineAgent({ name: 'agent', streams: () => ({}) }));
      await clock.sleep(99);
      expect(agent.state).toBe('setup');
      bus.restore();
      expect(agent.state).toBe('ready');
    }),
  );

  it(
    'is refused when the bus stays away for longer than its startTimeout',
    marbleTest(async ({ host, bus, clock }) => {
      await host.start(defineAgent({ name: 'first', streams: () => ({}) }));
      bus.drop();
      const definition = defineAgent({
        name: 'agent',
        startTimeout: '2s',
        streams: () => ({ never$: NEVER }),
      });
      await expect(host.start(definition)).rejects.toMatchObject({
        code: 'start-timeout',
        message:
          'agent has not started after 2s: the bus is not connected. See whether it can be reached, or give the agent a longer startTimeout.',
      });
      expect(clock.now()).toBe(2000);
      expect(host.agents.has('agent')).toBe(false);
    }),
  );

  it(
    'can be stopped while it waits for the bus',
    marbleTest(async ({ start, host, bus, clock }) => {
      start(defineAgent({ name: 'first', streams: () => ({}) }));
      await clock.sleep(1);
      bus.drop();
      const agent = start(defineAgent({ name: 'agent', streams: () => ({}) }));
      await clock.sleep(1);
      expect(await agent.stop()).toEqual({ agent: 'agent', left: [] });
      bus.restore();
      expect(agent.state).toBe('stopped');
      expect(host.agents.size).toBe(1);
    }),
  );

  it(
    'leaves nothing on the bus, however it ends',
    marbleTest(async (helpers) => {
      const { start, bus, clock } = helpers;
      const fail$ = new Subject<void>();
      const agent = start(
        defineAgent({
          name: 'agent',
          streams: ({ bus: mine }) => ({
            seen$: mine.messages(number),
            fails$: fail$.pipe(concatMap(() => throwError(() => new Error('no')))),
          }),
        }),
      );
      await clock.sleep(1);
      const { router } = bus as unknown as { router: { root: { next: Map<string, unknown> } } };
      expect(router.root.next.size).toBe(1);
      fail$.next();
      await clock.sleep(1);
      expect(agent.state).toBe('failed');
      expect(router.root.next.size).toBe(0);
    }),
  );
});

describe('A deadlock report', () => {
  it('names the topic that a handler awaits, also behind operators [B32]', async () => {
    const listener = defineAgent({
      name: 'listener',
      streams: ({ lifecycle, bus, handle }) => ({
        heard$: lifecycle.start$.pipe(
          handle.switch((_event, { next }) =>
            next(bus.messages(number.at({ name: 'a' })).pipe(filter(({ payload }) => payload > 3))),
          ),
        ),
      }),
    });
    const start = performance.now();
    const error: unknown = await runMarbles(({ start: begin, expectObservable }) => {
      expectObservable(begin(listener).streams.heard$).toBe('1s a');
    }).catch((thrown: unknown) => thrown);
    expect(performance.now() - start).toBeLessThan(2500); // waiting for something foreign would take 3 s
    expect(error).toBeInstanceOf(MarbleTestError);
    expect((error as MarbleTestError).code).toBe('marble-deadlock');
    expect((error as MarbleTestError).message).toContain(
      'listener.heard$: handler heard$, run 1 since 0ms, parked on next (numbers/a) since 0ms',
    );
  });
});
