import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { toPayload } from '../../../lib/messages/payloads/json';

describe('toPayload', () => {
  it('gives what JSON would give, of whatever is data', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const payload = toPayload('a', value);
        expect(payload).toEqual(JSON.parse(JSON.stringify(value)));
        // It knows no negative zero.
        expect(JSON.stringify(payload)).toBe(JSON.stringify(value));
      }),
      { numRuns: 1000 },
    );
  });

  it('gives what JSON would give, or refuses with a path what JSON would lose', () => {
    const anything = fc.anything({
      key: fc.stringMatching(/^[a-z]{1,3}$/),
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withSparseArray: true,
      withNullPrototype: true,
    });
    fc.assert(
      fc.property(anything, (value) => {
        let payload;
        try {
          payload = toPayload('a', value);
        } catch (error) {
          expect(error).toMatchObject({ code: 'bad-message' });
          const [, path = ''] = /^a: (.+?) is /su.exec((error as Error).message) ?? [];
          expect(isLost(at(value, path))).toBe(true);
          return;
        }
        expect(hasLosses(value)).toBe(false);
        const json = JSON.stringify(value) as string | undefined;
        expect(payload).toEqual(json === undefined ? undefined : JSON.parse(json));
      }),
      { numRuns: 2000 },
    );
  });

  class Point {
    x = 1;
  }
  class List extends Array<number> {}

  it.each<[string, unknown]>([
    ['is a Map', new Map([[1, 2]])],
    ['is a Set', new Set([1])],
    ['is a WeakMap', new WeakMap()],
    ['is an Error', new Error('x')],
    ['is a RangeError', new RangeError('x')],
    ['is a Uint8Array', new Uint8Array(2)],
    ['is a Buffer', Buffer.from('x')],
    ['is a DataView', new DataView(new ArrayBuffer(1))],
    ['is an ArrayBuffer', new ArrayBuffer(2)],
    ['is a RegExp', /x/],
    ['is a promise', Promise.resolve(1)],
    ['is a Number', new Number(1)],
    ['is a String', new String('x')],
    ['is a Boolean', new Boolean(true)],
    ['is a Point', new Point()],
    ['is a List', List.from([1])],
    [
      'is an instance of a class',
      new (class {
        x = 1;
      })(),
    ],
    ['is an instance of a class', Object.create({ x: 1 })],
    ['is a function', () => 1],
    ['is a function', Point],
    ['is a symbol', Symbol('x')],
    ['is a bigint', 1n],
    ['is NaN', NaN],
    ['is Infinity', Infinity],
    ['is -Infinity', -Infinity],
    ['is an invalid date', new Date(NaN)],
  ])('refuses what %s, wherever it is, and says where', (what, value) => {
    for (const [given, path] of [
      [value, 'the payload'],
      [{ a: value }, 'a'],
      [[1, value], '1'],
      [{ nested: { a: [{ before: [{}, { x: 1 }], b: value }] } }, 'nested.a.0.b'],
      [{ toJSON: () => ({ inner: value }) }, 'inner'],
      [Object.assign(Object.create(null), { a: value }), 'a'],
    ] as const)
      expect(() => toPayload('site/state', given)).toThrow(
        expect.objectContaining({
          code: 'bad-message',
          message: expect.stringContaining(`site/state: ${path} ${what}, which JSON does not know. `),
        }),
      );
  });

  it('refuses what is undefined in a list, or not there at all', () => {
    expect(() => toPayload('a', { list: [1, undefined] })).toThrow('a: list.1 is undefined, which JSON');
    // eslint-disable-next-line no-sparse-arrays -- that is what it is about
    expect(() => toPayload('a', [1, , 3])).toThrow('a: 1 is undefined, which JSON');
    expect(() => toPayload('a', [{ toJSON: () => undefined }])).toThrow('a: 0 is undefined');
    expect(() => toPayload('a', new Array(1_000_000_000))).toThrow('a: 0 is undefined');
  });

  it('leaves out members that are undefined, and takes -0 for 0', () => {
    expect(toPayload('a', { a: undefined, b: 1 })).toStrictEqual({ b: 1 });
    expect(Object.is(toPayload('a', -0), 0)).toBe(true);
    expect(toPayload('a', undefined)).toBeUndefined();
  });

  it('takes what a thing says of itself by toJSON, once', () => {
    const toJSON = jest.fn((key: string) => ({ key }));
    expect(toPayload('a', { when: new Date(0), where: new URL('http://a/b'), what: { toJSON } })).toEqual({
      when: '1970-01-01T00:00:00.000Z',
      where: 'http://a/b',
      what: { key: 'what' },
    });
    expect(toJSON).toHaveBeenCalledTimes(1);
    const self = { x: 1, toJSON: () => self };
    expect(() => toPayload('a', self)).toThrow('a: toJSON is a function');
  });

  it('takes plain objects of another realm for what they are', () => {
    expect(toPayload('a', runInNewContext('({ a: [{ b: 1 }] })'))).toEqual({ a: [{ b: 1 }] });
    expect(() => toPayload('a', runInNewContext('({ a: new Map() })'))).toThrow('a: a is a Map');
  });

  it('refuses what cannot be read, and says where', () => {
    const hostile = {
      a: [
        1,
        {
          get b(): number {
            throw new Error('gone');
          },
        },
      ],
    };
    expect(() => toPayload('site/state', hostile)).toThrow(
      expect.objectContaining({
        code: 'bad-message',
        message: 'site/state: a.1.b cannot be read: gone',
        cause: expect.objectContaining({ message: 'gone' }),
      }),
    );
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(() => toPayload('a', { x: { y: proxy } })).toThrow('a: x.y cannot be read: ');
  });

  it.each<[string, () => unknown, string]>([
    [
      'at the top',
      () => {
        const self: Record<string, unknown> = {};
        self['self'] = self;
        return self;
      },
      'the payload',
    ],
    [
      'deeper',
      () => {
        const list: unknown[] = [];
        list.push(1, { list });
        return { a: { list } };
      },
      'a.list',
    ],
  ])('says what contains itself %s', (_where, make, path) => {
    expect(() => toPayload('site/state', make())).toThrow(
      expect.objectContaining({
        code: 'message-too-large',
        message: `site/state: ${path} contains itself, and so has no end. Send what others need of it.`,
      }),
    );
  });

  it('gives a copy that cannot be changed', () => {
    const given = { list: [{ n: 1 }] };
    const payload = toPayload('a', given) as typeof given;
    given.list[0]!.n = 2;
    expect(payload).toEqual({ list: [{ n: 1 }] });
    expect(() => payload.list.push({ n: 3 })).toThrow(TypeError);
    expect(() => (payload.list[0]!.n = 3)).toThrow(TypeError);
  });

  it('keeps a key that would set the prototype a key', () => {
    const payload = toPayload('a', JSON.parse('{"__proto__":{"isAdmin":true}}'));
    expect(Object.keys(payload as object)).toEqual(['__proto__']);
    expect((payload as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });

  it('refuses a bigint and names it', () => {
    expect(() => toPayload('site/state', { total: 1n })).toThrow(
      expect.objectContaining({
        code: 'bad-message',
        message: 'site/state: total is a bigint, which JSON does not know. Send it as a string.',
      }),
    );
    expect(() => toPayload('site/state', 1n)).toThrow('site/state: the payload is a bigint');
  });

  it.each([
    ['a million characters', 'x'.repeat(1_000_000)],
    [
      'a million characters in keys',
      Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`${n}`.repeat(400), 1])),
    ],
    ['a million small things', Array.from({ length: 1_000_001 }, () => 0)],
    ['a nesting of a thousand', JSON.parse('['.repeat(1000) + ']'.repeat(1000))],
    ['a nesting of a million', JSON.parse('['.repeat(1_000_000) + ']'.repeat(1_000_000))],
    [
      'what contains itself',
      (() => {
        const self: unknown[] = [];
        self.push(self);
        return self;
      })(),
    ],
  ])('refuses %s by limit', (_what, value) => {
    expect(() => toPayload('a', value)).toThrow(expect.objectContaining({ code: 'message-too-large' }));
  });
});

/** What stands at a path. */
function at(value: unknown, path: string): unknown {
  if (path === 'the payload') return value;
  return path
    .split('.')
    .reduce((part, key) => (part as Readonly<Record<string, unknown>> | undefined)?.[key], value);
}

/** Told by what JSON does, where that can be told: it makes something else of it than data that looks the same. */
function isLost(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return false;
  if (typeof value === 'number') return !Number.isFinite(value);
  if (typeof value !== 'object') return true;
  if (value instanceof Date) return Number.isNaN(value.getTime());
  const tag = Object.prototype.toString.call(value);
  return tag !== '[object Object]' && tag !== '[object Array]';
}

function hasLosses(value: unknown): boolean {
  if (value === undefined) return false;
  if (isLost(value)) return true;
  if (Array.isArray(value)) return Array.from(value).some((item) => item === undefined || hasLosses(item));
  return typeof value === 'object' && value !== null && Object.values(value).some(hasLosses);
}
