import * as fc from 'fast-check';
import { nearestName } from '../lib/nearestName';

describe('nearestName', () => {
  it.each([
    ['sever', ['server', 'port'], 'server', 'a letter is missing'],
    ['concurency', ['buffer', 'concurrency'], 'concurrency', 'a letter is missing in the midst'],
    ['timezone', ['zone', 'timeZone'], 'timeZone', 'the case is another'],
    ['strat', ['stop', 'start'], 'start', 'two letters are swapped'],
    ['portt', ['post', 'port'], 'port', 'the nearer one is meant'],
    ['colour', ['color'], 'color', 'a letter is too much'],
    ['timezone', ['missed', 'zone'], 'zone', 'one is a part of the other'],
    ['ad', ['at'], 'at', 'a short name may differ by one letter'],
  ])('takes %s, among %j, for %s: %s', (name, known, meant) => {
    expect(nearestName(name, known)).toBe(meant);
  });

  it.each([
    ['most', ['max', 'within']],
    ['a', ['b']],
    ['', ['a']],
    ['x', []],
    ['bananas', ['rate']],
  ])('takes %j for none of %j', (name, known) => {
    expect(nearestName(name, known)).toBeUndefined();
  });

  it('finds each name that is known, and the first of those that are equally near', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 }), (known) => {
        for (const name of known) expect(nearestName(name, known)).toBe(name);
      }),
    );
    expect(nearestName('bat', ['cat', 'rat'])).toBe('cat');
  });

  it('finds a name of three letters and more whatever single slip there was', () => {
    const slips = fc.tuple(
      fc.stringMatching(/^[a-z]{3,12}$/),
      fc.nat(),
      fc.constantFrom('add', 'drop', 'swap'),
    );
    fc.assert(
      fc.property(slips, ([name, where, slip]) => {
        const at = where % (name.length - 1);
        const [before, one, two, behind] = [name.slice(0, at), name[at], name[at + 1], name.slice(at + 2)];
        const typed = {
          add: `${before}${one}x${two}${behind}`,
          drop: `${before}${two}${behind}`,
          swap: `${before}${two}${one}${behind}`,
        };
        expect(nearestName(typed[slip], [name])).toBe(name);
      }),
    );
  });
});
