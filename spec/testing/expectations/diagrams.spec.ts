import { interval, map, timer } from 'rxjs';
import { marbleTest, runMarbles, type MarbleHelpers } from 'rx-agent-kit/testing';

const HOUR = 3_600_000;

/** What a body is refused for, in the words of the error. */
async function refusalOf(body: (helpers: MarbleHelpers) => void): Promise<string> {
  const error: unknown = await runMarbles(body, { assertsElsewhere: true }).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ code: 'bad-option' });
  return (error as Error).message;
}

describe('times in a diagram', () => {
  it(
    'may be hours and days, as in durations',
    marbleTest(({ cold, hot, expectObservable }) => {
      expectObservable(timer(2 * HOUR).pipe(map(() => 'a'))).toBe('2h (a|)');
      expectObservable(cold('1d a|')).toBe('24h a|');
      expectObservable(hot('2d 1h a')).toBe('49h a');
      expectObservable(timer(1.5 * HOUR).pipe(map(() => 'a'))).toBe('1.5h (a|)');
    }),
  );

  it(
    'may have several units, as the axis of a failure has them',
    marbleTest(({ cold, expectObservable }) => {
      expectObservable(timer(2 * HOUR + 250).pipe(map(() => 'a'))).toBe('2h250ms (a|)');
      expectObservable(cold('1m30s a 1s500ms b|')).toBe('90s a 1500ms b|');
    }),
  );

  it(
    'may stand in the diagrams of subscriptions, too',
    marbleTest(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot('1h a 1h b');
      expectObservable(source$, '90m ^ 1d !').toBe('2h - b');
      expectSubscriptions(source$.subscriptions).toBe('1h30m ^ 1d !');
    }),
  );

  it('count in time(), too, where RxJS counts characters alone', async () => {
    let read: number[] = [];
    await runMarbles(
      ({ time }) => {
        read = ['2h |', '1s a |', '---|', '  --|'].map((diagram) => time(diagram));
      },
      { assertsElsewhere: true },
    );
    expect(read).toEqual([2 * HOUR, 1001, 3, 2]);
  });

  it(
    'are none without a space on each side: those are values',
    marbleTest(({ cold }) => {
      expect(cold('2h|').messages.map(({ frame }) => frame)).toEqual([0, 1, 2]);
      expect(cold('a2h |').messages.map(({ frame }) => frame)).toEqual([0, 1, 2, 3]);
    }),
  );
});

describe('a diagram that can only be a mistake', () => {
  it.each([
    ['-a|-b', "The diagram '-a|-b' has 'b' behind its end '|': nothing comes any more then."],
    ['(a|b)', "The diagram '(a|b)' has 'b' behind its end '|': nothing comes any more then."],
    ['-a|#', "The diagram '-a|#' has '#' behind its end '|': nothing comes any more then."],
    ['-(a', "The diagram '-(a' has a group that is not closed: write '(ab)'."],
    ['-(a(b))', "The diagram '-(a(b))' has a '(' within a group: write '(ab)'."],
    ['-a)', "The diagram '-a)' has a ')' without a '(' before it: write '(ab)'."],
  ])('is refused: %s', async (diagram, message) => {
    expect(await refusalOf(({ cold }) => void cold(diagram))).toBe(message);
    expect(await refusalOf(({ hot }) => void hot(diagram))).toBe(message);
    expect(
      await refusalOf(({ expectObservable }) => {
        expectObservable(interval(1)).toBe(diagram);
      }),
    ).toBe(message);
  });

  it('is refused where it says when to subscribe', async () => {
    expect(
      await refusalOf(({ expectObservable }) => {
        expectObservable(interval(1), '-(^!').toBe('');
      }),
    ).toBe("The diagram '-(^!' has a group that is not closed: write '(ab)'.");
  });

  it(
    'is none if what is behind the end only takes time, or stands behind an error',
    marbleTest(({ cold, hot, expectObservable }) => {
      expectObservable(cold('-a|--  ')).toBe('-a| 1s -');
      expectObservable(cold('-a#-b|')).toBe('-a#');
      expectObservable(hot('a|-^--')).toBe('|');
    }),
  );
});
