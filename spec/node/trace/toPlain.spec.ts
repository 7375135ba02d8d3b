import * as fc from 'fast-check';
import { AgentError } from 'rx-agent-kit';
import { toPlain } from '../../../lib/node/trace/toPlain';

const same = (text: string) => text;
const plain = (value: unknown) => toPlain(value, same);

describe('toPlain', () => {
  it('leaves what JSON can hold as it is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        expect(JSON.stringify(plain(value))).toBe(JSON.stringify(value));
      }),
    );
  });

  it('writes whatever it is given, and never much of it', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true }),
        (value) => {
          expect(JSON.stringify(plain(value)).length).toBeLessThan(2_000_000);
        },
      ),
    );
  });

  it('marks what JSON has no form for', () => {
    const circular: Record<string, unknown> = { name: 'a' };
    circular['self'] = circular;
    expect(plain(circular)).toEqual({ name: 'a', self: { $circular: true } });
    expect(plain([12n, NaN, () => 1, Symbol('s'), undefined, new Map([['k', 1]]), new Set([2])])).toEqual([
      { $bigint: '12' },
      { $number: 'NaN' },
      { $function: '' },
      { $symbol: 's' },
      { $undefined: true },
      { $map: [['k', 1]] },
      { $set: [2] },
    ]);
    expect(plain(new Date(0))).toBe('1970-01-01T00:00:00.000Z');
    expect(
      plain({
        get broken() {
          throw new Error('no');
        },
      }),
    ).toEqual({ $threw: 'Error: no' });
  });

  it('writes an error with its fields and its cause', () => {
    const error = new AgentError('timeout', 'too long', { agent: 'a', cause: new TypeError('why') });
    expect(plain(error)).toEqual({
      $error: {
        name: 'AgentError',
        message: 'too long',
        code: 'timeout',
        agent: 'a',
        stack: expect.any(String),
        cause: { $error: { name: 'TypeError', message: 'why', stack: expect.any(String) } },
      },
    });
  });

  it('cuts what is long, deep or many', () => {
    expect(plain('x'.repeat(5000))).toBe(`${'x'.repeat(1000)}… (5000 characters)`);
    const many = plain(Array.from({ length: 5000 }, (_, index) => index)) as unknown[];
    expect(many).toHaveLength(101);
    expect(many.at(-1)).toEqual({ $cut: '5000 in all' });
    let deep: unknown = 'bottom';
    for (let level = 0; level < 2000; level++) deep = { deep };
    expect(JSON.stringify(plain(deep))).toContain('{"$cut":"[object Object]"}');
    const wide = Object.fromEntries(
      Array.from({ length: 300 }, (_, key) => [key, Array(300).fill('y'.repeat(9))]),
    );
    expect(JSON.stringify(plain(wide)).length).toBeLessThan(50_000);
  });

  it('hides secrets, wherever they stand', () => {
    const hide = (text: string) => text.replaceAll('hunter2', '***');
    const hidden = JSON.stringify(
      toPlain(
        { hunter2: ['hunter2', new Error('hunter2')], long: `${'x'.repeat(997)}hunter2${'y'.repeat(50)}` },
        hide,
      ),
    );
    expect(hidden).not.toContain('hunter');
    expect(hidden).toContain('***');
  });
});
