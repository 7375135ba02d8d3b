import fc from 'fast-check';
import {
  formatDateTime,
  formatIsoDuration,
  parseDateTime,
  parseIsoDuration,
} from '../../../examples/openadr/ven/protocol/isoTime';

describe('parseIsoDuration', () => {
  it.each([
    ['PT0S', 0],
    ['PT15M', 900_000],
    ['P1DT12H', 129_600_000],
    ['P2W', 1_209_600_000],
    ['-PT5M', -300_000],
    ['+PT0.25S', 250],
    ['P1Y1M', 395 * 86_400_000],
  ])('reads %s', (text, ms) => {
    expect(parseIsoDuration(text)).toBe(ms);
  });

  it.each(['', 'P', 'PT', '15M', 'PT15', 'PT-5M', 'P1.5D', 'PT5M ', '5 minutes'])('refuses "%s"', (text) => {
    expect(() => parseIsoDuration(text)).toThrow(`"${text}" is no duration such as PT15M`);
  });

  it('reads what formatIsoDuration writes', () => {
    fc.assert(
      fc.property(fc.integer(), (seconds) => {
        expect(parseIsoDuration(formatIsoDuration(seconds * 1000))).toBe(seconds * 1000);
      }),
    );
  });
});

describe('parseDateTime', () => {
  const noon = Date.UTC(2026, 1, 1, 12);

  it.each([
    ['2026-02-01T12:00:00Z', noon],
    ['2026-02-01T12:00:00', noon],
    ['2026-02-01T12:00:00.681019Z', noon + 681],
    ['2026-02-01T12:00:00.Z', noon],
    ['2026-02-01T13:00:00+01:00', noon],
  ])('reads %s', (text, instant) => {
    expect(parseDateTime(text)).toBe(instant);
  });

  it.each(['', '2026-02-01', '2026-02-30T12:00:00Z', '2026-02-01T25:00:00Z', 'noon'])(
    'refuses "%s"',
    (text) => {
      expect(() => parseDateTime(text)).toThrow('is no date and time');
    },
  );

  it('reads what formatDateTime writes', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }), (date) => {
        expect(parseDateTime(formatDateTime(date.getTime()))).toBe(date.getTime());
      }),
    );
  });
});
