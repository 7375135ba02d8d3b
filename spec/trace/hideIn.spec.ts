import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { AgentError } from 'rx-agent-kit';
import type { Hide } from '../../lib/trace/Hide';
import { hideIn } from '../../lib/trace/hideIn';

const hide: Hide = (text) => text.replaceAll('hunter22', '***').replaceAll('4711', '****');
const shownOf = (value: unknown): unknown => hideIn(value, hide);
/** All that anybody could print of a value. */
const printed = (value: unknown): string => {
  const text = inspect(value, { depth: Infinity, maxArrayLength: Infinity, maxStringLength: Infinity });
  return (
    text +
    JSON.stringify(value, (_key, member: unknown) => (typeof member === 'bigint' ? `${member}` : member))
  );
};

describe('hideIn', () => {
  it('gives what bears no secret as it is, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true }),
        (value) => {
          fc.pre(!inspect(value, { depth: Infinity }).includes('4711'));
          expect(Object.is(shownOf(value), value)).toBe(true);
        },
      ),
    );
  });

  it('finds a secret wherever it stands, and leaves all else as it is', () => {
    const leaf = fc.constantFrom<unknown>(
      'hunter22',
      'a hunter22',
      4711,
      4711n,
      Symbol('hunter22'),
      new URL('http://:hunter22@a'),
      Buffer.from('hunter22'),
      new Error('hunter22'),
      { hunter22: 1 },
      new Map([['hunter22', 1]]),
      new Headers({ a: 'hunter22' }),
      new String('hunter22'),
      { toJSON: () => 'hunter22' },
    );
    const value = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.tuple(fc.integer({ max: 999 }), tie('tree')),
        fc.record({ a: tie('tree'), b: fc.lorem() }),
        tie('tree').map((member) => new Map([['key', member]])),
        tie('tree').map((member) => new Set([member])),
        tie('tree').map((cause) => new Error('outer', { cause })),
        tie('tree').map((inner) => Object.assign(new Error('outer'), { inner })),
        tie('tree').map((inner) => new AggregateError([inner], 'outer')),
        tie('tree').map(
          (field) =>
            new (class Box {
              field = field;
            })(),
        ),
      ),
    })).tree;
    fc.assert(
      fc.property(value, (given) => {
        const text = printed(shownOf(given));
        expect(text).not.toContain('hunter22');
        expect(text).not.toContain('4711');
      }),
      { numRuns: 300 },
    );
    expect(shownOf({ a: [1, 'hunter22'], b: new Date(0), c: { d: 1 } })).toEqual({
      a: [1, '***'],
      b: new Date(0),
      c: { d: 1 },
    });
  });

  it('shows an error by its texts, its fields, and what it was caused by', () => {
    const error = new AgentError('timeout', 'hunter22 is late', {
      agent: 'a',
      cause: new TypeError('hunter22'),
    });
    const shown = shownOf(error) as AgentError;
    expect(shown).toBeInstanceOf(Error);
    expect([shown.name, shown.message, shown.code, shown.agent]).toEqual([
      'AgentError',
      '*** is late',
      'timeout',
      'a',
    ]);
    expect(shown.stack).toMatch(/^(AgentError|Error): \*\*\* is late\n +at /);
    expect((shown.cause as Error).name).toBe('TypeError');
    expect(Object.keys(shown)).not.toContain('message');
    const harmless = new AgentError('timeout', 'late');
    expect(shownOf(harmless)).toBe(harmless);
  });

  it('copies what holds itself', () => {
    const given: Record<string, unknown> = { key: 'hunter22', list: [] };
    given['self'] = given;
    (given['list'] as unknown[]).push(given);
    const shown = shownOf(given) as Record<string, unknown>;
    expect(shown['key']).toBe('***');
    expect(shown['self']).toBe(shown);
    expect(shown['list']).toEqual([shown]);
    const harmless: Record<string, unknown> = {};
    harmless['self'] = harmless;
    expect(Object.keys(shownOf(harmless) as object)).toEqual(['self']);
  });

  it('says what cannot be read', () => {
    const shown = shownOf({
      get broken() {
        throw new Error('hunter22');
      },
    });
    expect(shown).toBe('(not shown, since it cannot be read: ***)');
    expect(
      shownOf({
        inner: new Proxy(
          {},
          {
            ownKeys: () => {
              throw new Error('no');
            },
          },
        ),
        other: 1,
      }),
    ).toEqual({
      inner: '(not shown, since it cannot be read: no)',
      other: 1,
    });
  });

  it('leaves out what is too deep or too much to look into', () => {
    let deep: unknown = 'hunter22';
    for (let level = 0; level < 50; level++) deep = { deep };
    expect(printed(shownOf(deep))).not.toContain('hunter22');
    const many = Array.from({ length: 300 }, () => Array.from({ length: 100 }, () => ['hunter22']));
    expect(printed(shownOf(many))).not.toContain('hunter22');
  });

  it('keeps a key that is named like the prototype', () => {
    const shown = shownOf(JSON.parse('{"__proto__": "hunter22"}'));
    expect(JSON.stringify(shown)).toBe('{"__proto__":"***"}');
  });

  it('takes the field of a number, and of one in a list, along', () => {
    const keyed: Hide = Object.assign((text: string) => text, {
      scalar: (value: unknown, key?: string) => (key === 'pin' && value === 7 ? '***' : undefined),
    });
    expect(hideIn({ pin: 7, pins: [7], nested: { pin: [7, [7]] }, other: 7 }, keyed)).toEqual({
      pin: '***',
      pins: [7],
      nested: { pin: ['***', ['***']] },
      other: 7,
    });
  });
});
