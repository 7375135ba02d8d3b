import { performance as nodePerformance } from 'node:perf_hooks';
import { runMarbles } from 'rx-agent-kit/testing';

const NOON = Date.UTC(2031, 4, 6, 12);
const elsewhere = { assertsElsewhere: true, startTime: NOON };

/** What a body sees some virtual time after its beginning. */
async function seen<V>(read: () => V): Promise<V | undefined> {
  let value: V | undefined;
  await runMarbles(async ({ clock }) => {
    await clock.sleep('1m');
    value = read();
  }, elsewhere);
  return value;
}

describe('in a body', () => {
  it('a date is made by Date', async () => {
    expect(await seen(() => [new Date().constructor === Date, new Date(0) instanceof Date])).toEqual([
      true,
      true,
    ]);
  });

  it('a format without a date is of now', async () => {
    const format = new Intl.DateTimeFormat('en', {
      dateStyle: 'short',
      timeStyle: 'medium',
      timeZone: 'UTC',
    });
    const formats = await seen(() => ({
      now: [format.format(), format.format(undefined), format.format(0)],
      made: Intl.DateTimeFormat('en', { dateStyle: 'short', timeZone: 'UTC' }).format(),
      parts: format.formatToParts().find(({ type }) => type === 'year')?.value,
      mapped: [0].map(format.format)[0],
    }));
    expect(formats).toEqual({
      now: [format.format(NOON + 60_000), format.format(NOON + 60_000), format.format(0)],
      made: '5/6/31',
      parts: '31',
      mapped: format.format(0),
    });
  });

  it('performance.now counts from timeOrigin', async () => {
    expect(await seen(() => performance.timeOrigin + performance.now() - Date.now())).toBe(0);
  });

  it('process.hrtime counts virtual nanoseconds', async () => {
    expect(await seen(() => [process.hrtime(), process.hrtime.bigint(), process.hrtime([59, 5e8])])).toEqual([
      [60, 0],
      60_000_000_000n,
      [0, 500_000_000],
    ]);
  });
});

it('all of it is the host’s again afterwards, to the descriptor', async () => {
  const owners: [object, string][] = [
    [Date.prototype, 'constructor'],
    [Intl.DateTimeFormat.prototype, 'format'],
    [Intl.DateTimeFormat.prototype, 'formatToParts'],
    [performance, 'timeOrigin'],
    [process, 'hrtime'],
  ];
  const descriptors = () => owners.map(([owner, name]) => Object.getOwnPropertyDescriptor(owner, name));
  const before = descriptors();
  await expect(
    runMarbles(() => {
      throw new Error('of the body');
    }),
  ).rejects.toThrow('of the body');
  expect(descriptors()).toEqual(before);
  expect(performance.timeOrigin).toBe(nodePerformance.timeOrigin);
});
