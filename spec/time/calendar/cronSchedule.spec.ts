import { runInThisContext } from 'node:vm';
import fc from 'fast-check';
import { AgentError } from '../../../lib/AgentError';
import { cronSchedule } from '../../../lib/time/calendar/cronSchedule';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

type Span = readonly [from: number, to: number];

/** A schedule that is the same every day: is it one of fixed times, and at which minutes of the day does it run? */
type Daily = readonly [expression: string, isFixed: boolean, minutes: readonly number[]];

const at = (hour: number, minute: number) => 60 * hour + minute;
const everyMinutes = (step: number) => Array.from({ length: 1440 / step }, (_, index) => index * step);

const DAILY: readonly Daily[] = [
  ['30 2 * * *', true, [at(2, 30)]],
  ['30 1 * * *', true, [at(1, 30)]],
  ['0 2 * * *', true, [at(2, 0)]],
  ['0 3 * * *', true, [at(3, 0)]],
  ['0 0 * * *', true, [at(0, 0)]],
  ['15 0 * * *', true, [at(0, 15)]],
  ['30 23 * * *', true, [at(23, 30)]],
  ['30 2,14 * * *', true, [at(2, 30), at(14, 30)]],
  ['15,45 1-3 * * *', true, [1, 2, 3].flatMap((hour) => [at(hour, 15), at(hour, 45)])],
  ['*/30 * * * *', false, everyMinutes(30)],
  ['0 * * * *', false, everyMinutes(60)],
  ['0 */2 * * *', false, everyMinutes(120)],
  ['*/15 2 * * *', false, [0, 15, 30, 45].map((minute) => at(2, minute))],
  ['30 1-2/1 * * *', false, [at(1, 30), at(2, 30)]],
];

const knownChanges = new Map<string, Change[]>();
const formats = new Map<string, Intl.DateTimeFormat>();

describe('cronSchedule', () => {
  it('18: joins the two day fields by or, and a day that both match comes once', () => {
    expect(runs('30 4 1,15 * 5', { from: '2024-03-01T00:00Z', to: '2024-04-01T00:00Z' })).toEqual([
      '2024-03-01T04:30Z',
      '2024-03-08T04:30Z',
      '2024-03-15T04:30Z',
      '2024-03-22T04:30Z',
      '2024-03-29T04:30Z',
    ]);
  });

  it.each(['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Casablanca', 'Asia/Kolkata'])(
    '18: keeps to the rule on every day of ten years in %s, wherever the host is',
    (zone) => {
      const tenYears: Span = [Date.UTC(2021, 0, 1), Date.UTC(2031, 0, 1)];
      for (const daily of DAILY.filter(([expression]) =>
        ['30 2 * * *', '*/30 * * * *'].includes(expression),
      )) {
        onEveryHost(ruleCheck(daily, zone, [tenYears]));
      }
    },
  );

  it.each([
    ['Europe/Berlin', 2024, 2027],
    ['America/New_York', 2024, 2027],
    ['Australia/Lord_Howe', 2024, 2027], // half an hour
    ['Africa/Casablanca', 2024, 2027], // a month of winter time in the midst of summer
    ['America/St_Johns', 2009, 2012], // at a minute past midnight
    ['America/Nuuk', 2022, 2027], // a gap that ends at midnight
    ['America/Sao_Paulo', 2016, 2020], // a gap that begins at midnight
    ['Antarctica/Troll', 2024, 2027], // two hours
    ['Pacific/Apia', 2010, 2013], // a day that does not exist
    ['America/Caracas', 2007, 2017], // half an hour, for good
  ])(
    '18: keeps to the rule around every change of the clock in %s, %i to %i',
    (zone, firstYear, lastYear) => {
      const instants = changesOf(zone).map(({ instant }) => instant);
      const changes = instants.filter(
        (time) => time > Date.UTC(firstYear, 0, 1) && time < Date.UTC(lastYear, 0, 1),
      );
      expect(changes.length).toBeGreaterThanOrEqual(2);
      const spans = changes.map((instant): Span => [instant - DAY, instant + DAY]);
      for (const daily of DAILY) ruleCheck(daily, zone, spans)();
    },
  );

  it('takes UTC for the zone when none is given, wherever the host is', () => {
    const spring = { from: '2024-03-10T00:00Z', to: '2024-03-12T00:00Z' };
    onEveryHost(() => {
      expect(runs('30 2 * * *', spring)).toEqual(['2024-03-10T02:30Z', '2024-03-11T02:30Z']);
    });
  });

  describe('when the clock is set forward', () => {
    const spring = { zone: 'Europe/Berlin', from: '2026-03-29T00:00Z', to: '2026-03-29T02:30Z' };

    it('runs a skipped time right after the gap', () => {
      expect(runs('30 2 * * *', spring)).toEqual(['2026-03-29T01:00Z']);
    });
    it('runs several skipped times as one', () => {
      expect(runs('0,15,45 2,3 * * *', spring)).toEqual([
        '2026-03-29T01:00Z',
        '2026-03-29T01:15Z',
        '2026-03-29T01:45Z',
      ]);
    });
    it('goes on by elapsed time for a step or a wildcard', () => {
      expect(runs('*/30 * * * *', spring)).toEqual([
        '2026-03-29T00:00Z',
        '2026-03-29T00:30Z',
        '2026-03-29T01:00Z',
        '2026-03-29T01:30Z',
        '2026-03-29T02:00Z',
      ]);
      expect(runs('*/30 2 * * *', spring)).toEqual([]);
    });
    it('runs a time on the eve of the gap that ends at midnight', () => {
      const nuuk = { zone: 'America/Nuuk', from: '2026-03-28T00:00Z', to: '2026-03-31T00:00Z' };
      expect(runs('30 23 * * *', nuuk)).toEqual([
        '2026-03-28T01:30Z',
        '2026-03-29T01:00Z',
        '2026-03-30T00:30Z',
      ]);
    });
    it('crosses the gap at the second', () => {
      const schedule = cronSchedule('* * * * * *', { zone: 'Europe/Berlin' });
      expect(schedule.next(Date.parse('2026-03-29T00:59:59Z'))).toBe(Date.parse('2026-03-29T01:00:00Z'));
    });
  });

  describe('when the clock is set back', () => {
    const autumn = { zone: 'Europe/Berlin', from: '2026-10-24T22:30Z', to: '2026-10-25T02:30Z' };

    it('runs a time that comes twice at the first', () => {
      expect(runs('30 2 * * *', autumn)).toEqual(['2026-10-25T00:30Z']);
      expect(runs('30 2 * * *', { ...autumn, from: '2026-10-25T01:15Z' })).toEqual([]);
    });
    it('goes on by elapsed time for a step or a wildcard', () => {
      expect(runs('0 * * * *', autumn)).toEqual([
        '2026-10-24T23:00Z',
        '2026-10-25T00:00Z',
        '2026-10-25T01:00Z',
        '2026-10-25T02:00Z',
      ]);
    });
    it('finds the second pass from the end of the first when the match after it is a year away', () => {
      const schedule = cronSchedule('*/30 2 25 10 *', { zone: 'Europe/Berlin' });
      expect(schedule.next(Date.parse('2026-10-25T00:50Z'))).toBe(Date.parse('2026-10-25T01:00Z'));
      expect(schedule.next(Date.parse('2026-10-25T01:30Z'))).toBe(Date.parse('2027-10-25T00:00Z'));
    });
  });

  it('takes a sixth field in front for seconds', () => {
    const autumn = { zone: 'Europe/Berlin', from: '2026-10-25T00:29Z', to: '2026-10-26T01:00Z' };
    expect(runs('15,45 30 2 * * *', autumn)).toEqual(['2026-10-25T00:30:15Z', '2026-10-25T00:30:45Z']);
    expect(runs('*/30 30 2 * * *', autumn)).toEqual([
      '2026-10-25T00:30Z',
      '2026-10-25T00:30:30Z',
      '2026-10-25T01:30Z',
      '2026-10-25T01:30:30Z',
    ]);
  });

  it('crosses the end of the year by the clock of the zone', () => {
    const schedule = cronSchedule('0 0 1 1 *', { zone: 'Asia/Kolkata' });
    expect(schedule.next(Date.parse('2025-12-31T18:29:59.999Z'))).toBe(Date.parse('2025-12-31T18:30Z'));
    expect(schedule.next(Date.parse('2025-12-31T18:30Z'))).toBe(Date.parse('2026-12-31T18:30Z'));
  });

  it('waits for a leap day, eight years where it must', () => {
    const schedule = cronSchedule('0 0 29 2 *', { zone: 'Europe/Berlin' });
    expect(schedule.next(Date.parse('2096-03-01T00:00Z'))).toBe(Date.parse('2104-02-28T23:00Z'));
    expect(cronSchedule('* * 29 2 *').next(Date.parse('2096-03-01T00:00Z'))).toBe(
      Date.parse('2104-02-29T00:00Z'),
    );
  });

  it.each(['0 0 0 1 1 * 2023', '0 0 0 29 2 * 2020-2024'])(
    'says of %s that there is no next',
    (expression) => {
      expect(cronSchedule(expression, { zone: 'Europe/Berlin' }).next(Date.UTC(2024, 2, 1))).toBeUndefined();
    },
  );

  it('is strictly later than any part of a millisecond', () => {
    const { next } = cronSchedule('0 * * * *');
    expect([HOUR - 0.5, HOUR, HOUR + 0.5, -0.5].map(next)).toEqual([HOUR, 2 * HOUR, 2 * HOUR, 0]);
  });

  it('never asks what time it is', () => {
    const RealDate = Date;
    const asked: string[] = [];
    globalThis.Date = new Proxy(RealDate, {
      construct(target, given: unknown[]) {
        if (given.length === 0) asked.push('new Date()');
        return Reflect.construct(target, given) as Date;
      },
      get(target, property) {
        if (property === 'now') asked.push('Date.now');
        return Reflect.get(target, property) as unknown;
      },
    });
    try {
      const { next } = cronSchedule('30 2 * * *', { zone: 'Europe/Berlin' });
      expect(next(RealDate.UTC(2026, 2, 28, 12))).toBe(RealDate.UTC(2026, 2, 29, 1));
      expect(asked).toEqual([]);
    } finally {
      globalThis.Date = RealDate;
    }
  });

  describe('with random schedules', () => {
    const someOf = (count: number) =>
      fc
        .uniqueArray(fc.nat(count - 1), { minLength: 1, maxLength: 4 })
        .map((values) => values.sort((a, b) => a - b));
    const fields = fc.record({
      minutes: fc.option(someOf(60)),
      hours: fc.option(someOf(24)),
      days: fc.option(someOf(31).map((days) => days.map((day) => day + 1))),
    });
    const zones = fc.constantFrom(
      'Europe/Berlin',
      'America/Nuuk',
      'Australia/Lord_Howe',
      'Africa/Casablanca',
      'UTC',
    );
    // Half of the starts are near a change of the clock, where the mistakes would be.
    const starts = fc.oneof(
      fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2030, 0, 1) }),
      fc
        .tuple(fc.constantFrom(...changesOf('Europe/Berlin')), fc.integer({ min: -3 * HOUR, max: 3 * HOUR }))
        .map(([{ instant }, distance]) => instant + distance),
    );

    it('gives instants that rise and show the fields of the expression, save right after a gap', () => {
      fc.assert(
        fc.property(fields, zones, starts, ({ minutes, hours, days }, zone, start) => {
          const expression = `${minutes?.join() ?? '*'} ${hours?.join() ?? '*'} ${days?.join() ?? '*'} * *`;
          const schedule = cronSchedule(expression, { zone });
          const shows = (reading: number) =>
            (minutes?.includes(new Date(reading).getUTCMinutes()) ?? true) &&
            (hours?.includes(new Date(reading).getUTCHours()) ?? true) &&
            (days?.includes(new Date(reading).getUTCDate()) ?? true);
          let last = start;
          for (let count = 0; count < 6; count++) {
            const next = schedule.next(last);
            if (next === undefined) throw new Error('every month has a next');
            expect(next).toBeGreaterThan(last);
            expect(schedule.next(next - 1)).toBe(next);
            expect(schedule.next(Math.floor((last + next) / 2))).toBe(next);
            const reading = next + offsetAt(zone, next);
            if (!shows(reading)) {
              expect([minutes, hours]).not.toContain(null);
              const skipped: number[] = [];
              for (let lost = next + offsetAt(zone, next - 1); lost < reading; lost += MINUTE)
                skipped.push(lost);
              expect(skipped.some(shows)).toBe(true);
            }
            last = next;
          }
        }),
        { numRuns: 300 },
      );
    });
  });

  it.each([
    '',
    'daily',
    '* * * *',
    '* * * * * * * *',
    '60 * * * *',
    '* 24 * * *',
    '* * 0 * *',
    '* * * 13 *',
    '* * * * 8',
    '*/0 * * * *',
    '5-1 * * * *',
    '@reboot',
    '2024-03-01T04:30:00Z',
  ])('refuses %j as an expression', (expression) => {
    const error = errorOf(() => cronSchedule(expression));
    expect(error.code).toBe('bad-cron');
    expect(error.message).toContain(`${JSON.stringify(expression)} is no cron expression`);
    expect(error.message).toContain("'30 4 * * 1-5'");
    expect(error.cause).toBeInstanceOf(Error);
  });

  it.each<[string, string]>([
    ['61 * * * *', 'its minute has "61", and may have from 0 to 59'],
    ['* 24 * * *', 'its hour has "24", and may have from 0 to 23'],
    ['0 0 0 * *', 'its day of month has "0", and may have from 1 to 31'],
    ['0 0 5,40,6 * *', 'its day of month has "40"'],
    ['0 0 L-3 * *', 'its day of month has "L-3"'],
    ['0 0 LW,5 * *', 'its day of month has "LW,5"'],
    ['0 0 1 13 *', 'its month has "13", and may have from 1 to 12, or JAN to DEC'],
    ['0 0 1 JANUARY *', 'its month has "JANUARY"'],
    ['0 0 * * 8', 'its day of week has "8", and may have from 0 to 7 (0 and 7 are Sunday), or SUN to SAT'],
    ['0 0 * * 1#6', 'its day of week has "1#6"'],
    ['0 0 * * 15W', 'its day of week has "15W"'],
    ['60 * * * * *', 'its second has "60", and may have from 0 to 59'],
    ['0 0 0 1 1 * 10000', 'its year has "10000", and may have from 1 to 9999'],
    ['0 0 0 1 1 * 0', 'its year has "0"'],
    ['*/0 * * * *', 'its minute has "*/0", and may have from 0 to 59. A step is at least 1'],
    [
      '* */25 * * *',
      'its hour has "*/25", and may have from 0 to 23. A step is at least 1, and no longer than the whole',
    ],
    [
      '5/15 * * * *',
      'its minute has "5/15", and may have from 0 to 59. A step stands behind * or a range: */15, 10-50/20',
    ],
    [
      '5-1 * * * *',
      'its minute has "5-1", and may have from 0 to 59. A range runs from the smaller to the larger: 22-23,0-5',
    ],
    ['1,,2 * * * *', 'its minute has "", and may have from 0 to 59. Nothing is missing between commas'],
    ['* * * *', 'it has 4 fields'],
    ['* * * * * * * *', 'it has 8 fields'],
    ['@reboot', 'the names are @yearly, @monthly, @weekly, @daily and @hourly'],
  ])('says of %j what is wrong in which field, and what that may hold', (expression, fault) => {
    const { code, message } = errorOf(() => cronSchedule(expression));
    expect(code).toBe('bad-cron');
    expect(message).toContain(`${JSON.stringify(expression)} is no cron expression: ${fault}`);
  });

  it.each([5, null, undefined, {}, ['* * * * *']])('refuses %p as an expression', (expression) => {
    expect(errorOf(() => cronSchedule(expression as never)).code).toBe('bad-cron');
  });

  it.each<[string, string]>([
    ['0 0 30 2 *', 'day of month 30 and month 2'],
    ['0 0 31 4,6 *', 'day of month 31 and month 4,6'],
    ['0 0 31 FEB,APR,JUN,SEP,NOV ?', 'day of month 31 and month FEB,APR,JUN,SEP,NOV'],
    ['0 0 30W 2 *', 'day of month 30W and month 2'],
    ['0 0 30-31/1 2 +1', 'day of month 30-31/1 and month 2 and day of week +1'],
    ['0 0 0 29 2 * 2023', 'day of month 29 and month 2 and year 2023'],
    ['0 0 0 29 2 * 1900,2100', 'day of month 29 and month 2 and year 1900,2100'],
    ['0 0 0 1 1 +1 2025', 'day of month 1 and month 1 and day of week +1 and year 2025'],
  ])('refuses %j, which never comes', (expression, why) => {
    expect(errorOf(() => cronSchedule(expression))).toMatchObject({
      code: 'bad-cron',
      message: `${JSON.stringify(expression)} never comes: no day of the calendar has ${why}.`,
    });
  });

  it.each<[string, string]>([
    ['0 0 29 2 *', '2028-02-29T00:00Z'],
    ['0 0 29 2 +1', '2044-02-29T00:00Z'],
    ['0 0 30 2 1', '2026-02-02T00:00Z'],
    ['0 0 0 29 2 * 2400', '2400-02-29T00:00Z'],
    ['0 0 31 4,5 *', '2026-05-31T00:00Z'],
    ['0 0 * 2 1#5', '2044-02-29T00:00Z'],
  ])('takes %j, which comes now and then', (expression, next) => {
    expect(cronSchedule(expression).next(Date.UTC(2026, 0, 1))).toBe(Date.parse(next));
  });

  it('has days as a naive calendar has them, and refuses what has none in 400 years', () => {
    const calendar = Array.from({ length: 146_097 }, (_, n) => calendarDay(Date.UTC(2024, 0, 1) + n * DAY));
    fc.assert(
      fc.property(dayFields, ({ days, months, weekdays, isBoth }) => {
        const text = (items: readonly DayItem[]): string => items.map((item) => item.text).join(',') || '*';
        const expression = `0 0 ${text(days)} ${months.join(',') || '*'} ${isBoth ? '+' : ''}${text(weekdays)}`;
        const fits = (day: CalendarDay): boolean => {
          if (months.length > 0 && !months.includes(day.month)) return false;
          const [isDay, isWeekday] = [days, weekdays].map((items) => items.some(({ has }) => has(day)));
          if (days.length === 0 || weekdays.length === 0 || isBoth)
            return (days.length === 0 || isDay!) && (weekdays.length === 0 || isWeekday!);
          return isDay! || isWeekday!;
        };
        const expected: number[] = [];
        for (const day of calendar) {
          if (fits(day)) expected.push(day.instant);
          if (expected.length === 5) break;
        }
        if (expected.length === 0) {
          expect(errorOf(() => cronSchedule(expression)).message).toContain(`"${expression}" never comes`);
          return;
        }
        const schedule = cronSchedule(expression);
        const found = [schedule.next(Date.UTC(2024, 0, 1) - 1)];
        while (found.length < expected.length) found.push(schedule.next(found.at(-1)!));
        expect(found).toEqual(expected);
      }),
      {
        numRuns: 60,
        examples: [[{ days: [DAY_ITEM(30)], months: [2], weekdays: [], isBoth: false }]],
      },
    );
  });

  it.each(['Mars/Olympus_Mons', 'Europe/Berlín', 'local', ''])('refuses %j as a zone', (zone) => {
    const error = errorOf(() => cronSchedule('0 0 * * *', { zone }));
    expect(error.code).toBe('bad-zone');
    expect(error.message).toContain(`${JSON.stringify(zone)} is no time zone`);
    expect(error.message).toContain("'Europe/Berlin'");
  });
});

interface CalendarDay {
  readonly instant: number;
  readonly day: number;
  readonly month: number;
  readonly weekday: number;
  readonly lastDay: number;
}

/** One item of a list of days, as it is written, and what it means. */
interface DayItem {
  readonly text: string;
  readonly has: (day: CalendarDay) => boolean;
}

function calendarDay(instant: number): CalendarDay {
  const date = new Date(instant);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return {
    instant,
    day: date.getUTCDate(),
    month: month + 1,
    weekday: date.getUTCDay(),
    lastDay: new Date(Date.UTC(year, month + 1, 0)).getUTCDate(),
  };
}

const DAY_ITEM = (wanted: number): DayItem => ({ text: `${wanted}`, has: ({ day }) => day === wanted });

/** The weekday of another day of the same month. */
function weekdayOf({ day, weekday }: CalendarDay, other: number): number {
  return (((weekday + other - day) % 7) + 7) % 7;
}

const isWorkday = (weekday: number): boolean => weekday > 0 && weekday < 6;

/** The weekday of its month that is nearest to a day, if the month has that. */
function nearestWorkday(today: CalendarDay, wanted: number): number | undefined {
  if (wanted > today.lastDay) return undefined;
  return [0, -1, 1, -2, 2]
    .map((distance) => wanted + distance)
    .find((day) => day >= 1 && day <= today.lastDay && isWorkday(weekdayOf(today, day)));
}

const dayOfMonth = fc.oneof(
  fc.integer({ min: 1, max: 31 }).map(DAY_ITEM),
  fc.integer({ min: 28, max: 31 }).map(DAY_ITEM),
  fc
    .tuple(fc.integer({ min: 1, max: 31 }), fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 31 }))
    .map(([from, length, step]): DayItem => {
      const to = Math.min(31, from + length);
      return {
        text: `${from}-${to}/${step}`,
        has: ({ day }) => day >= from && day <= to && (day - from) % step === 0,
      };
    }),
  fc.constant<DayItem>({ text: 'L', has: ({ day, lastDay }) => day === lastDay }),
  fc.integer({ min: 1, max: 31 }).map((wanted): DayItem => ({
    text: `${wanted}W`,
    has: (today) => nearestWorkday(today, wanted) === today.day,
  })),
);

const dayOfWeek = fc.oneof(
  fc
    .integer({ min: 0, max: 7 })
    .map((wanted): DayItem => ({ text: `${wanted}`, has: ({ weekday }) => weekday === wanted % 7 })),
  fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 1, max: 5 })).map(([wanted, nth]): DayItem => ({
    text: `${wanted}#${nth}`,
    has: ({ weekday, day }) => weekday === wanted && Math.ceil(day / 7) === nth,
  })),
  fc.integer({ min: 0, max: 6 }).map((wanted): DayItem => ({
    text: `${['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'][wanted]}L`,
    has: ({ weekday, day, lastDay }) => weekday === wanted && day > lastDay - 7,
  })),
);

const dayFields = fc.record({
  days: fc.oneof(
    fc.array(dayOfMonth, { maxLength: 3 }),
    fc.constant<DayItem[]>([
      {
        text: 'LW',
        has: (today) =>
          [0, 1, 2]
            .map((before) => today.lastDay - before)
            .find((day) => isWorkday(weekdayOf(today, day))) === today.day,
      },
    ]),
  ),
  months: fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { maxLength: 3 }),
  weekdays: fc.array(dayOfWeek, { maxLength: 2 }),
  isBoth: fc.boolean(),
});

/** The runs in [from, to), as text; with no zone given where there is none. */
function runs(
  expression: string,
  { from, to, ...options }: { zone?: string; from: string; to: string },
): string[] {
  const schedule = cronSchedule(expression, options);
  const found: string[] = [];
  let next = schedule.next(Date.parse(from) - 1);
  while (next !== undefined && next < Date.parse(to)) {
    found.push(new Date(next).toISOString().replace(/(?::00)?\.000Z$/, 'Z'));
    next = schedule.next(next);
  }
  return found;
}

/** Asks at every run and more often than hourly around a change of the clock, at an odd time of every other day. */
function ruleCheck(daily: Daily, zone: string, spans: readonly Span[]): () => void {
  const instants = changesOf(zone).map(({ instant }) => instant);
  const expected = spans.map(([from, to]) => expectedRuns(daily, zone, from, to + 2 * DAY));
  return () => {
    const { next } = cronSchedule(daily[0], { zone });
    for (const [span, [from, to]] of spans.entries()) {
      let [index, change] = [0, 0];
      for (let after = from; after < to;) {
        while (expected[span]![index]! <= after) index++;
        const [wanted, found] = [expected[span]![index], next(after)];
        if (found !== wanted) throw new Error(mismatch(daily[0], zone, after, wanted, found));
        while (instants[change]! < after - DAY) change++;
        const isNear = Math.abs((instants[change] ?? Infinity) - after) <= DAY;
        after = isNear ? Math.min(found!, after + 53 * MINUTE) : after + 17 * HOUR + 17 * MINUTE + 17;
      }
    }
  };
}

function mismatch(expression: string, zone: string, after: number, expected = NaN, found = NaN): string {
  const [start, wanted, got] = [after, expected, found].map((instant) => new Date(instant).toJSON());
  return `${expression} in ${zone} after ${start}: expected ${wanted}, found ${got}`;
}

/** The rule as the docs have it, told minute by minute: what the clock shows now, and how far it has ever come. */
function expectedRuns([, isFixed, minutes]: Daily, zone: string, from: number, to: number): number[] {
  const isScheduled = new Uint8Array(1440);
  for (const minute of minutes) isScheduled[minute] = 1;
  const first = (from - DAY) / MINUTE;
  const changes = changesOf(zone).filter(({ instant }) => instant / MINUTE > first);
  let offset = offsetAt(zone, from - DAY) / MINUTE;
  let furthest = first + offset - 1;
  const found: number[] = [];
  // Each piece between two changes, then what is left after the last.
  for (let minute = first; minute * MINUTE <= to;) {
    const change = changes.shift();
    const end = Math.min((change?.instant ?? Infinity) / MINUTE, to / MINUTE + 1);
    for (; minute < end; minute++) {
      const reading = minute + offset;
      let due = 0;
      if (!isFixed) due = isScheduled[reading % 1440]!;
      else while (furthest < reading) due |= isScheduled[++furthest % 1440]!;
      if (due && minute * MINUTE > from) found.push(minute * MINUTE);
    }
    if (change) offset = change.offset / MINUTE;
  }
  return found;
}

interface Change {
  /** The first instant at which the new offset holds. */
  readonly instant: number;
  readonly offset: number;
}

/** Every change of a zone's clock from 2005 to 2031, to the minute. */
function changesOf(zone: string): readonly Change[] {
  let changes = knownChanges.get(zone);
  if (!changes) {
    changes = [];
    knownChanges.set(zone, changes);
    let instant = Date.UTC(2005, 0, 1);
    let offset = offsetAt(zone, instant);
    while (instant < Date.UTC(2031, 2, 1)) {
      for (const step of [DAY, HOUR, MINUTE]) {
        while (offsetAt(zone, instant + step) === offset && instant < Date.UTC(2031, 2, 1)) instant += step;
      }
      instant += MINUTE;
      offset = offsetAt(zone, instant);
      changes.push({ instant, offset });
    }
    changes.pop(); // not a change, but the end of the search
  }
  return changes;
}

/** What to add to an instant for what the zone's clock shows, read from Intl's name of the offset. */
function offsetAt(zone: string, instant: number): number {
  let format = formats.get(zone);
  if (!format)
    formats.set(
      zone,
      (format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' })),
    );
  const [, sign, hours, minutes] = /GMT(?:(.)(\d+):(\d+))?$/.exec(format.format(instant))!;
  return sign === undefined ? 0 : (sign === '+' ? 1 : -1) * (Number(hours) * HOUR + Number(minutes) * MINUTE);
}

/** Runs the body as on hosts in two other zones. Jest's `process.env` is a copy that Node does not see: change the real one. */
function onEveryHost(body: () => void): void {
  const env = runInThisContext('process.env') as Record<string, string | undefined>;
  const before = env['TZ'];
  try {
    for (const [host, offset] of [
      ['America/New_York', 300],
      ['Asia/Tokyo', -540],
    ] as const) {
      env['TZ'] = host;
      expect(new Date(2024, 0, 1).getTimezoneOffset()).toBe(offset);
      body();
    }
  } finally {
    if (before === undefined) delete env['TZ'];
    else env['TZ'] = before;
  }
}

function errorOf(action: () => unknown): AgentError {
  try {
    action();
  } catch (error) {
    if (error instanceof AgentError) return error;
  }
  throw new Error('expected an AgentError');
}
