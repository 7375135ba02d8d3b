import { Subject } from 'rxjs';
import {
  type AgentBus,
  type AgentContext,
  defineAgent,
  procedure,
  type Run,
  type Streams,
  topic,
  type TraceEvent,
} from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';
import { z } from 'zod';
import * as mini from 'zod/mini';

const isoDate = z.codec(z.iso.datetime(), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
});
const entries = z.codec(z.array(z.tuple([z.string(), z.number()])), z.map(z.string(), z.number()), {
  decode: (list) => new Map(list),
  encode: (map) => [...map],
});
const big = z.codec(z.string(), z.bigint(), { decode: BigInt, encode: String });

const measured = topic(
  'devices/:unit/measured',
  z.object({
    at: isoDate,
    history: z.array(z.object({ at: isoDate, value: z.number() })),
    counts: entries.optional(),
    total: z.union([big, z.null()]),
  }),
);
const state = topic('site/state', isoDate, { retain: 'last' });
const later = procedure('site/later', {
  input: z.object({ from: isoDate, days: z.number() }),
  output: z.object({ at: isoDate }),
});

const DAY = 86_400_000;
const NOON = new Date('2026-01-01T12:00:00.000Z');

function agentOf<S extends Streams>(name: string, streams: (context: AgentContext<object>) => S) {
  return defineAgent({ name, streams });
}

describe('A codec in the schema of a topic', () => {
  it(
    'has its value go out encoded and come in decoded, however deep it stands',
    marbleTest(async ({ start, host, clock }) => {
      const wire: unknown[] = [];
      const seen: unknown[] = [];
      host.trace$.subscribe((event: TraceEvent) => {
        if (event.type === 'message-published') wire.push(event.payload);
      });
      const payload = {
        at: NOON,
        history: [{ at: new Date(0), value: 1 }],
        counts: new Map([['a', 1]]),
        total: 12345678901234567890n,
      };
      start(
        agentOf('reader', ({ bus }) => ({ measured$: bus.messages(measured) })),
      ).streams.measured$.subscribe(({ payload: read }) => seen.push(read));
      start(
        agentOf('writer', ({ lifecycle, handle, bus }) => ({
          sent$: lifecycle.start$.pipe(
            handle.switch(async () => bus.publish(measured.at({ unit: 'u7' }), payload)),
          ),
        })),
      );
      await clock.sleep(1);
      expect(wire).toEqual([
        {
          at: '2026-01-01T12:00:00.000Z',
          history: [{ at: '1970-01-01T00:00:00.000Z', value: 1 }],
          counts: [['a', 1]],
          total: '12345678901234567890',
        },
      ]);
      expect(seen).toEqual([payload]);
      expect(seen[0]).not.toBe(payload);
    }),
  );

  it(
    'has it retained encoded, and decoded for whoever comes later',
    marbleTest(async ({ start, clock }) => {
      start(
        agentOf('writer', ({ lifecycle, handle, bus }) => ({
          sent$: lifecycle.start$.pipe(handle.switch(async () => bus.publish(state, NOON))),
        })),
      );
      await clock.sleep(5);
      const seen: unknown[] = [];
      start(agentOf('reader', ({ bus }) => ({ state$: bus.messages(state) }))).streams.state$.subscribe(
        ({ payload }) => seen.push(payload),
      );
      await clock.sleep(1);
      expect(seen).toEqual([NOON]);
    }),
  );

  it.each<[string, unknown, string]>([
    [
      'what is encoded already',
      '2026-01-01T12:00:00.000Z',
      'site/state: the payload does not fit its schema:\n  (the payload itself): Invalid input: expected date',
    ],
    ['a date that is none', new Date(NaN), 'expected date'],
  ])('refuses %s', (_what, payload, message) =>
    marbleTest(async ({ start, host, clock }) => {
      const causes: unknown[] = [];
      host.errors$.subscribe(({ cause }) => causes.push(cause));
      start(
        agentOf('writer', ({ lifecycle, handle, bus }) => ({
          sent$: lifecycle.start$.pipe(handle.switch(async () => bus.publish(state, payload as Date))),
        })),
      );
      await clock.sleep(1);
      expect(causes).toEqual([
        expect.objectContaining({ code: 'bad-message', message: expect.stringContaining(message) }),
      ]);
    })(),
  );

  it(
    'says what to do where a schema asks for what JSON does not have',
    marbleTest(async ({ start, host, clock }) => {
      const dated = topic('site/dated', z.object({ at: z.date() }));
      const causes: unknown[] = [];
      host.errors$.subscribe(({ cause }) => causes.push(cause));
      start(
        agentOf('writer', ({ lifecycle, handle, bus }) => ({
          sent$: lifecycle.start$.pipe(handle.switch(async () => bus.publish(dated, { at: NOON }))),
        })),
      );
      await clock.sleep(1);
      expect(causes).toEqual([
        expect.objectContaining({
          message: expect.stringContaining(
            'at: Invalid input: expected date, received string. JSON has no date: let a codec',
          ),
        }),
      ]);
    }),
  );

  it(
    'may throw, which is one error of the sender or one message refused',
    marbleTest(async ({ start, host, clock, bus: wire }) => {
      const picky = topic(
        'site/picky',
        z.codec(z.string(), z.object({ n: z.number() }), {
          decode: (text) => JSON.parse(text) as { n: number },
          encode: () => {
            throw new Error('too heavy');
          },
        }),
      );
      const causes: unknown[] = [];
      const seen: unknown[] = [];
      host.errors$.subscribe(({ cause }) => causes.push(cause));
      start(
        agentOf('writer', ({ lifecycle, handle, bus }) => ({
          sent$: lifecycle.start$.pipe(handle.switch(async () => bus.publish(picky, { n: 1 }))),
          read$: bus.messages(picky),
        })),
      ).streams.read$.subscribe(({ payload }) => seen.push(payload));
      await clock.sleep(1);
      (wire as unknown as { publish(topic: string, payload: unknown, retain: boolean): void }).publish(
        'site/picky',
        '{',
        false,
      );
      (wire as unknown as { publish(topic: string, payload: unknown, retain: boolean): void }).publish(
        'site/picky',
        '{"n":2}',
        false,
      );
      await clock.sleep(1);
      expect(causes).toEqual([
        expect.objectContaining({ message: 'site/picky: the payload cannot be encoded: too heavy' }),
      ]);
      expect(seen).toEqual([{ n: 2 }]);
    }),
  );

  it(
    'is found where schemas go round in a circle, of the small zod, too',
    marbleTest(async ({ start, clock }) => {
      const tree = z.object({
        at: isoDate,
        get children() {
          return z.array(tree).optional();
        },
      });
      const small = mini.object({
        at: mini.codec(mini.string(), mini.date(), {
          decode: (text) => new Date(text),
          encode: (date) => date.toISOString(),
        }),
      });
      const trees = topic('site/trees', tree);
      const smalls = topic('site/small', small as unknown as z.ZodType<{ at: Date }, { at: Date }>);
      const seen: unknown[] = [];
      const { streams } = start(
        agentOf('both', ({ lifecycle, handle, bus }) => ({
          trees$: bus.messages(trees),
          smalls$: bus.messages(smalls),
          sent$: lifecycle.start$.pipe(
            handle.switch(async () => {
              bus.publish(trees, { at: NOON, children: [{ at: new Date(1) }] });
              bus.publish(smalls, { at: NOON });
            }),
          ),
        })),
      );
      streams.trees$.subscribe(({ payload }) => seen.push(payload));
      streams.smalls$.subscribe(({ payload }) => seen.push(payload));
      await clock.sleep(1);
      expect(seen).toEqual([{ at: NOON, children: [{ at: new Date(1) }] }, { at: NOON }]);
    }),
  );
});

describe('A codec in the schemas of a procedure', () => {
  it(
    'has input and output go out encoded and come in decoded',
    marbleTest(async ({ start, host, clock }) => {
      const wire: unknown[] = [];
      host.trace$.subscribe((event: TraceEvent) => {
        if (event.type === 'call-sent') wire.push(event.input);
      });
      const given: unknown[] = [];
      const served = start(
        agentOf('server', ({ bus }) => ({
          later$: bus.serve(later, async ({ from, days }) => {
            given.push(from);
            return { at: new Date(from.getTime() + days * DAY) };
          }),
        })),
      ).streams.later$;
      const answers = new Subject<unknown>();
      const seen: unknown[] = [];
      answers.subscribe((answer) => seen.push(answer));
      served.subscribe((call) => seen.push(call));
      start(
        agentOf('caller', ({ lifecycle, handle }) => ({
          answer$: lifecycle.start$.pipe(
            handle.switch(async (_event, { call }) => {
              const { at } = await call(later, { from: NOON, days: 1 });
              answers.next(at.getTime() - NOON.getTime());
            }),
          ),
        })),
      );
      await clock.sleep(1);
      expect(wire).toEqual([{ from: NOON.toISOString(), days: 1 }]);
      expect(given).toEqual([NOON]);
      expect(seen).toEqual([
        { input: { from: NOON, days: 1 }, output: { at: new Date(NOON.getTime() + DAY) } },
        DAY,
      ]);
    }),
  );

  it(
    'refuses an answer that does not fit, at the server and at the caller',
    marbleTest(async ({ start, host, clock }) => {
      const errors: string[] = [];
      host.errors$.subscribe(({ agent, message }) => errors.push(`${agent}: ${message}`));
      start(
        agentOf('server', ({ bus }) => ({ later$: bus.serve(later, async () => ({ at: 'noon' }) as never) })),
      );
      start(
        agentOf('caller', ({ lifecycle, handle }) => ({
          answer$: lifecycle.start$.pipe(
            handle.switch((_event, { call }) => call(later, { from: NOON, days: 1 })),
          ),
        })),
      );
      await clock.sleep(1);
      expect(errors).toEqual([
        expect.stringMatching(/^server: .*at: Invalid input: expected date, received string/s),
        expect.stringMatching(/^caller: .*at: Invalid input: expected date, received string/s),
      ]);
    }),
  );
});

describe('A schema by which nothing could be sent', () => {
  const upper = z.string().transform((text) => text.toUpperCase());
  const slow = z.string().refine(async () => true);

  it.each<[string, () => unknown, string, string]>([
    [
      'a codec beside a transform',
      () => topic('site/a', z.object({ at: isoDate, deep: z.object({ name: upper }) })),
      'bad-topic',
      'site/a: its schema has a codec in it, by which payloads are encoded, and deep.name has a transform, which goes one way only.',
    ],
    [
      'a codec behind a transform',
      () => procedure('site/a', { input: z.void(), output: upper.pipe(isoDate) }),
      'bad-procedure',
      'site/a: output has a codec in it, by which payloads are encoded, and it has a transform',
    ],
    [
      'an async refinement',
      () => topic('site/a', z.object({ url: slow })),
      'bad-topic',
      'site/a: its schema cannot be used: a refinement or transform of url is async',
    ],
    [
      'an async transform',
      () => procedure('site/a', { input: z.string().transform(async (text) => text), output: z.void() }),
      'bad-procedure',
      'site/a: input cannot be used: a refinement or transform of it is async',
    ],
    [
      'an async codec',
      () =>
        topic(
          'site/a',
          z.codec(z.string(), z.string(), { decode: async (text) => text, encode: (text) => text }),
        ),
      'bad-topic',
      'is async',
    ],
  ])('is refused where it is written: %s', (_what, write, code, message) => {
    expect(write).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
  });

  it('may have a transform that goes one way, as long as there is no codec: what it takes is sent', () => {
    expect(() => topic('site/a', upper)).not.toThrow();
    expect(() => topic('site/a', z.preprocess(String, z.string()))).not.toThrow();
  });

  it(
    'is explained when that shows only at the message',
    marbleTest(async ({ start, host, clock }) => {
      const hidden = topic(
        'site/a',
        z.string().superRefine(() => Promise.resolve() as never),
      );
      const causes: unknown[] = [];
      host.errors$.subscribe(({ cause }) => causes.push(cause));
      start(
        agentOf('writer', ({ lifecycle, handle, bus }) => ({
          sent$: lifecycle.start$.pipe(handle.switch(async () => bus.publish(hidden, 'x'))),
        })),
      );
      await clock.sleep(1);
      expect(causes).toEqual([
        expect.objectContaining({
          code: 'bad-message',
          message:
            'site/a: the payload cannot be read: a refinement or transform of its schema is async (it gives a promise), and a payload is read at once. Look into what takes time in the handler.',
        }),
      ]);
    }),
  );
});

function use(_value: unknown): void {
  // The compiler has seen it.
}

// Never called: the compiler reads it.
export function check(bus: AgentBus, run: Run): void {
  bus.publish(state, NOON);
  // @ts-expect-error -- It is encoded on the way, and not before.
  bus.publish(state, NOON.toISOString());
  bus.messages(state).subscribe(({ payload }) => use(payload satisfies Date));
  bus.publish(measured.at({ unit: 'u7' }), { at: NOON, history: [], total: 1n });
  // @ts-expect-error -- Deep in it, too.
  bus.publish(measured.at({ unit: 'u7' }), { at: NOON, history: [{ at: '', value: 1 }], total: 1n });
  // @ts-expect-error -- In a union, too.
  bus.publish(measured.at({ unit: 'u7' }), { at: NOON, history: [], total: '1' });
  bus.messages(measured).subscribe(({ payload }) => {
    use(payload.counts satisfies Map<string, number> | undefined);
    use(payload.history[0]?.at satisfies Date | undefined);
  });
  const answer: Promise<{ at: Date }> = run.call(later, { from: NOON, days: 1 });
  use(answer);
  // @ts-expect-error -- The input is what the server gets.
  void run.call(later, { from: NOON.toISOString(), days: 1 });
  bus.serve(later, async ({ from }) => ({ at: from }));
  // @ts-expect-error -- The output is what the caller gets.
  bus.serve(later, async ({ from }) => ({ at: from.toISOString() }));
  bus
    .serve(later, async ({ from }) => ({ at: from }))
    .subscribe(({ input, output }) => {
      use(input.from satisfies Date);
      use(output.at satisfies Date);
    });

  const mixed = topic('site/mixed', z.object({ at: isoDate, unit: z.string().default('C') }));
  bus.publish(mixed, { at: NOON, unit: 'C' });
  // @ts-expect-error -- Where there is a codec, nothing is filled in by defaults: what is given is what is got.
  bus.publish(mixed, { at: NOON });

  const places = {
    optional: topic('a', isoDate.optional()),
    nullable: topic('a', z.nullable(isoDate)),
    record: topic('a', z.record(z.string(), isoDate)),
    tuple: topic('a', z.tuple([z.number(), isoDate])),
    either: topic('a', z.discriminatedUnion('type', [z.object({ type: z.literal('a'), at: isoDate })])),
    both: topic('a', z.intersection(z.object({ a: z.number() }), z.object({ at: isoDate }))),
    lazy: topic(
      'a',
      z.lazy(() => isoDate),
    ),
    piped: topic('a', z.string().pipe(z.string()).pipe(isoDate)),
    refined: topic('a', isoDate.refine((date) => date.getTime() > 0).readonly()),
  };
  bus.publish(places.optional, undefined);
  bus.publish(places.nullable, NOON);
  bus.publish(places.record, { a: NOON });
  bus.publish(places.tuple, [1, NOON]);
  bus.publish(places.either, { type: 'a', at: NOON });
  bus.publish(places.both, { a: 1, at: NOON });
  bus.publish(places.lazy, NOON);
  bus.publish(places.piped, NOON);
  bus.publish(places.refined, NOON);
}

it('infers the types of codecs', () => {
  expect(check).toBeInstanceOf(Function);
});
