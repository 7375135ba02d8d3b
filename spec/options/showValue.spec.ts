import fc from 'fast-check';
import { showValue } from '../../lib/options/showValue';

describe('showValue', () => {
  it.each<[unknown, string]>([
    [5, '5'],
    [NaN, 'NaN'],
    ['5 sec', '"5 sec"'],
    [10n, '10n'],
    [null, 'null'],
    [undefined, 'undefined'],
    [Symbol('x'), 'Symbol(x)'],
    [{ a: 1 }, '{"a":1}'],
    [[1, 'b'], '[1,"b"]'],
    [Object.create(null), '{}'],
    [new Map(), 'a Map'],
    [Promise.resolve(), 'a promise'],
    [function poll() {}, 'the function poll'],
    [(() => () => {})(), 'a function'],
    ['x'.repeat(200), `"${'x'.repeat(78)}…`],
  ])('writes %p as %s', (given, text) => {
    expect(showValue(given)).toBe(text);
  });

  it('never throws', () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    const hostile = new Proxy(
      {},
      {
        get() {
          throw new Error('no');
        },
      },
    );
    for (const given of [cycle, hostile, { toJSON: () => 1n }]) expect(showValue(given)).toMatch(/object/);
    fc.assert(fc.property(fc.anything(), (given) => typeof showValue(given) === 'string'));
  });
});
