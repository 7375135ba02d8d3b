import fc from 'fast-check';
import { formatMs, toMs, toPositiveMs, type Duration } from '../../../lib/time/spans/duration';
import { cpuNow } from '../../support/cpu';

describe('toMs', () => {
  it.each<[Duration, number]>(
    [
      [0, 0],
      [250, 250],
      [0.5, 0.5],
      [Number.MAX_VALUE, Number.MAX_VALUE],
      ['0', NaN],
      ['250ms', 250],
      ['3s', 3000],
      ['1m', 60_000],
      ['1h', 3_600_000],
      ['30d', 2_592_000_000],
      ['1m30s', 90_000],
      ['2d4h', 187_200_000],
      ['30s1m', 90_000],
      ['1m 30s', 90_000],
      [' 3 s ', 3000],
      ['1.5h', 5_400_000],
      ['0.25ms', 0.25],
      ['1m1ms', 60_001],
      ['0s', 0],
      ['007s', 7000],
    ].filter(([, ms]) => !Number.isNaN(ms)) as [Duration, number][],
  )('reads %j as %d ms', (duration, ms) => {
    expect(toMs(duration)).toBe(ms);
  });

  it('reads decimal fractions as they are written', () => {
    // 1.001 * 1000 is 1000.9999999999999.
    expect(toMs('1.001s')).toBe(1001);
    expect(toMs('0.1s0.2ms')).toBe(100.2);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), (ms) => {
        expect(toMs(`${(ms / 1000).toFixed(3)}s`)).toBe(ms);
      }),
    );
  });

  it.each<[unknown, string]>([
    [-1, '-1'],
    [-0.001, '-0.001'],
    [NaN, 'NaN'],
    [Infinity, 'Infinity'],
    [-Infinity, '-Infinity'],
    ['', '""'],
    [' ', '" "'],
    ['3', '"3"'],
    ['-3s', '"-3s"'],
    ['+3s', '"+3s"'],
    ['3 seconds', '"3 seconds"'],
    ['3S', '"3S"'],
    ['s', '"s"'],
    ['.5s', '".5s"'],
    ['1.s', '"1.s"'],
    ['1,5s', '"1,5s"'],
    ['1e3s', '"1e3s"'],
    ['1m-30s', '"1m-30s"'],
    ['3w', '"3w"'],
    ['1h1h', '"1h1h"'],
    ['1m30s1m', '"1m30s1m"'],
    ['1ms 1ms', '"1ms 1ms"'],
    ['NaN', '"NaN"'],
    ['Infinity', '"Infinity"'],
    ['9'.repeat(400) + 'd', '9'.repeat(400)],
    [undefined, 'undefined'],
    [null, 'null'],
    [{}, '[object Object]'],
    [new Date(5), 'GMT'],
  ])('refuses %p with the text that was given', (given, text) => {
    expect(() => toMs(given as Duration)).toThrow(
      expect.objectContaining({ code: 'bad-duration', message: expect.stringContaining(text) }),
    );
  });

  it('says that a unit may be in it once', () => {
    expect(() => toMs('1h1h')).toThrow('Each unit may be in it once.');
    expect(() => toMs('1 hour')).not.toThrow('Each unit');
  });

  it('refuses a long text that is no duration without delay', () => {
    const start = cpuNow();
    for (const part of ['1', '1 ', '1ms ', '1.1', ' ', '1m1'])
      expect(() => toMs(part.repeat(20_000) + '!')).toThrow(
        expect.objectContaining({ code: 'bad-duration' }),
      );
    expect(cpuNow() - start).toBeLessThan(2000);
  });
});

describe('toPositiveMs', () => {
  it('gives what is longer than nothing', () => {
    expect(toPositiveMs('1ms', 'A period')).toBe(1);
    expect(toPositiveMs(Number.MIN_VALUE, 'A period')).toBe(Number.MIN_VALUE);
  });

  it.each([0, -0, '0s', '0ms'])('refuses %j', (duration) => {
    expect(() => toPositiveMs(duration, 'A period')).toThrow(
      expect.objectContaining({ code: 'bad-duration', message: expect.stringContaining('A period') }),
    );
  });
});

describe('formatMs', () => {
  it.each([
    [0, '0ms'],
    [250, '250ms'],
    [999, '999ms'],
    [1000, '1s'],
    [1500, '1s500ms'],
    [90_000, '1m30s'],
    [60_001, '1m1ms'],
    [187_200_000, '2d4h'],
    [2_592_000_000, '30d'],
    [-90_000, '-1m30s'],
    [0.25, '0.25ms'],
    [1000.5, '1s0.5ms'],
    [1e-9, '0ms'],
    [999.9996, '1s'],
    [59_999.9999, '1m'],
    [Infinity, 'Infinityms'],
    [-Infinity, '-Infinityms'],
    [NaN, 'NaNms'],
  ])('writes %d as %s', (ms, text) => {
    expect(formatMs(ms)).toBe(text);
  });

  it('is read back as the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), (ms) => {
        expect(toMs(formatMs(ms))).toBe(ms);
      }),
    );
  });

  it('is read back to the microsecond', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (ms) => {
        expect(Math.abs(toMs(formatMs(ms)) - ms)).toBeLessThanOrEqual(0.000501);
      }),
    );
  });
});
