import * as fc from 'fast-check';
import { z } from 'zod';
import { unknownKeys } from '../../lib/agent/config/unknownKeys';

const found = (schema: z.ZodType, input: unknown): string[] =>
  unknownKeys(schema, input).map(({ path, nearest }) => `${path.join('.')} ${nearest ?? '?'}`);

const server = z.object({ host: z.string(), port: z.number().optional() });

describe('unknownKeys', () => {
  it.each<[string, z.ZodType, unknown, string[]]>([
    ['a key of the config', z.object({ server }), { sever: {} }, ['sever server']],
    ['a key that is like none', z.object({ server }), { bananas: 1 }, ['bananas ?']],
    ['a key of another case', z.object({ maxAge: z.number() }), { maxage: 1 }, ['maxage maxAge']],
    [
      'what is not there yet rather than what is',
      z.object({ ports: z.any(), port: z.any() }),
      { port: 1, portt: 2 },
      ['portt ports'],
    ],
    ['in an object', z.object({ server }), { server: { hots: 'a' } }, ['server.hots host']],
    [
      'in a list',
      z.object({ servers: z.array(server) }),
      { servers: [{ host: 'a' }, { prot: 1 }] },
      ['servers.1.prot port'],
    ],
    [
      'in a tuple and its rest',
      z.tuple([server], server),
      [{ hst: 1 }, { host: 'a' }, { prot: 1 }],
      ['0.hst host', '2.prot port'],
    ],
    ['in the values of a record', z.record(z.string(), server), { any: { hots: 1 } }, ['any.hots host']],
    [
      'in the option of a union that has taken it',
      z.union([z.object({ a: z.string() }), server]),
      { host: 'a', prot: 1 },
      ['prot port'],
    ],
    [
      'in a discriminated union',
      z.discriminatedUnion('is', [
        z.object({ is: z.literal('a'), one: z.number() }),
        z.object({ is: z.literal('b'), two: z.number().optional() }),
      ]),
      { is: 'b', tow: 1 },
      ['tow two'],
    ],
    [
      'what neither side of an intersection knows',
      z.intersection(server, z.object({ user: z.string() })),
      { host: 'a', user: 'b', usr: 'c' },
      ['usr user'],
    ],
    [
      'through what wraps a schema',
      server.partial().readonly().nullable().optional().default({}).catch({}),
      { hots: 1 },
      ['hots host'],
    ],
    [
      'through prefault and nonoptional',
      z.nonoptional(server.prefault({ host: 'a' })),
      { hots: 1 },
      ['hots host'],
    ],
    ['before a transformation', server.transform(({ host }) => host), { hots: 1 }, ['hots host']],
    ['before a pipe', server.pipe(z.any()), { hots: 1 }, ['hots host']],
    [
      'in a codec',
      z.codec(server, z.any(), { decode: (given) => given, encode: (given) => given }),
      { hots: 1 },
      ['hots host'],
    ],
    ['in a refined object', server.refine(() => true).describe('a server'), { hots: 1 }, ['hots host']],
    [
      'in what is merged and picked',
      server.extend({ tls: z.boolean() }).pick({ tls: true, host: true }),
      { tsl: true, port: 1 },
      ['tsl tls', 'port ?'],
    ],
    ['in what refuses it', z.strictObject({ host: z.string() }), { hots: 1 }, ['hots host']],
  ])('finds %s', (_what, schema, input, keys) => {
    expect(found(schema, input)).toEqual(keys);
  });

  it('finds it in what refers to itself', () => {
    interface Tree {
      readonly name: string;
      readonly parts: readonly Tree[];
    }
    const tree: z.ZodType<Tree> = z.lazy(() => z.object({ name: z.string(), parts: z.array(tree) }));
    expect(found(tree, { name: 'a', parts: [{ name: 'b', pars: [] }] })).toEqual(['parts.0.pars parts']);
  });

  it.each<[string, z.ZodType]>([
    ['a loose object', z.looseObject({ server })],
    ['passthrough', z.object({ server }).loose()],
    ['a catchall', z.object({ server }).catchall(z.number())],
    ['a record', z.record(z.string(), z.number())],
    ['anything', z.any()],
    ['unknown', z.unknown()],
    ['a transformation of the input', z.preprocess((given) => given, server)],
    ['a custom schema', z.custom<object>(() => true)],
    ['a Map', z.map(z.string(), z.number())],
    ['a union whose option takes any key', z.union([server, z.record(z.string(), z.any())])],
  ])('finds nothing in %s', (_what, schema) => {
    expect(found(schema, { sever: 1 })).toEqual([]);
  });

  it('finds nothing where the input is something else, or nothing', () => {
    fc.assert(
      fc.property(fc.anything(), (input) => {
        expect(() => found(z.object({ servers: z.array(server), one: server }), input)).not.toThrow();
      }),
    );
    for (const input of [undefined, null, 5, 'text', []]) expect(found(server, input)).toEqual([]);
  });

  it('finds just what the schema drops', () => {
    const schema = z.object({
      a: z.number().optional(),
      b: z.object({ c: z.number().optional() }).optional(),
    });
    const keys = fc.constantFrom('a', 'b', 'c', 'd', '__proto__', 'toString');
    fc.assert(
      fc.property(fc.dictionary(keys, fc.oneof(fc.integer(), fc.dictionary(keys, fc.integer()))), (input) => {
        const parsed = schema.safeParse(input);
        fc.pre(parsed.success);
        const kept = parsed.data as Record<string, unknown>;
        const dropped = Object.entries(input).flatMap(([key, value]) => {
          if (!Object.hasOwn(kept, key)) return [key];
          if (typeof value !== 'object') return [];
          return Object.keys(value)
            .filter((inner) => !Object.hasOwn(kept[key] as object, inner))
            .map((inner) => `${key}.${inner}`);
        });
        expect(unknownKeys(schema, input).map(({ path }) => path.join('.'))).toEqual(dropped);
      }),
    );
  });
});
