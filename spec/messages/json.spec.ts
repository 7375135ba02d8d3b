import fc from 'fast-check';
import { toPayload } from '../../lib/messages/json';

describe('toPayload', () => {
  it('gives what JSON would give', () => {
    fc.assert(
      fc.property(fc.anything({ withDate: true, withNullPrototype: true }), (value) => {
        const json = JSON.stringify(value) as string | undefined;
        const payload = toPayload('a', value);
        expect(payload).toEqual(json === undefined ? undefined : JSON.parse(json));
      }),
      { numRuns: 1000 },
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
