import { consoleLog, type Log, silentLog, withFields } from '../../lib/trace/Log';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;

describe('consoleLog', () => {
  afterEach(() => jest.restoreAllMocks());

  it.each(LEVELS)('writes to console.%s, with its fields if there are any', (level) => {
    const write = jest.spyOn(console, level).mockImplementation(() => undefined);
    consoleLog[level]('plain');
    consoleLog[level]('with fields', { a: 1 });
    expect(write.mock.calls).toEqual([['plain'], ['with fields', { a: 1 }]]);
  });
});

describe('withFields', () => {
  it.each(LEVELS)('adds its fields to each line of %s, behind which the line’s own count', (level) => {
    const lines: unknown[] = [];
    const log: Log = {
      ...silentLog,
      [level]: (message: string, fields: unknown) => lines.push([message, fields]),
    };
    const more = withFields(withFields(log, { a: 1, b: 1 }), { b: 2 });
    more[level]('hello');
    more[level]('hello', { b: 3 });
    expect(lines).toEqual([
      ['hello', { a: 1, b: 2 }],
      ['hello', { a: 1, b: 3 }],
    ]);
  });
});
