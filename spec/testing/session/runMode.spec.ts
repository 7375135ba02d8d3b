/* eslint-disable @typescript-eslint/no-deprecated --
   What RxJS sets in run mode has to be set here, too, whatever becomes of it in a later version. */
import {
  animationFrameScheduler,
  asapScheduler,
  asyncScheduler,
  BehaviorSubject,
  concatMap,
  debounceTime,
  delay,
  interval,
  map,
  merge,
  mergeMap,
  NEVER,
  of,
  ReplaySubject,
  scheduled,
  Subject,
  take,
  throttleTime,
  timer,
} from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { marbleTest, runMarbles } from 'rx-agent-kit/testing';

const asserted = { assertsElsewhere: true };

describe('the diagrams of run mode', () => {
  it(
    'takes white space for alignment only',
    marbleTest(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('  - a - b |   ');
      expectObservable(source$.pipe(delay(2))).toBe('---a-(b|)');
      expectSubscriptions(source$.subscriptions).toBe(' ^ ---! ');
    }),
  );

  it(
    'lets a group take as many frames as it has characters',
    marbleTest(({ cold, expectObservable }) => {
      expectObservable(cold('-(ab)-c|')).toBe('- (ab) - c|');
      expectObservable(cold('(a|)')).toBe('(a|)');
    }),
  );

  it(
    'reads spans, also broken ones, between other marbles',
    marbleTest(({ cold, expectObservable }) => {
      expectObservable(cold('10.5ms a 1.5s b 1m (c|)')).toBe('10.5ms a 1500ms b 60s (c|)');
    }),
  );

  it(
    'counts frames of a millisecond, as many as it takes',
    marbleTest(({ cold, expectObservable }) => {
      expectObservable(cold('a|').pipe(delay(1000 * 60 * 60))).toBe('60m (a|)');
    }),
  );

  it(
    'subscribes and unsubscribes where a diagram says so',
    marbleTest(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const cold$ = cold('-a-b-c');
      const hot$ = hot('-a-b-c');
      expectObservable(cold$, '--^---!').toBe('---a-b');
      expectObservable(hot$, '  --^-! ').toBe('---b');
      expectObservable(NEVER, '(^!)').toBe('');
      expectSubscriptions(cold$.subscriptions).toBe('--^---!');
      expectSubscriptions(hot$.subscriptions).toBe(['--^-!']);
    }),
  );

  it(
    'knows sources that nobody subscribed to, and those that nobody left',
    marbleTest(({ cold, expectObservable, expectSubscriptions }) => {
      const unused$ = cold('a');
      const open$ = cold('-a');
      expectObservable(merge(open$, open$)).toBe('-(aa)');
      expectSubscriptions(unused$.subscriptions).toBe([]);
      expectSubscriptions(open$.subscriptions).toBe(['^', '^']);
    }),
  );

  it(
    "takes the values and the error that it is given, 'error' by default",
    marbleTest(({ cold, expectObservable }) => {
      const values = { a: { n: 1 }, b: [2] };
      expectObservable(cold('a-b-#', values, 'boom')).toBe('a-b-#', { a: { n: 1 }, b: [2] }, 'boom');
      expectObservable(cold('#')).toBe('#', undefined, 'error');
      expectObservable(cold('#', undefined, new TypeError('x'))).toBe('#', undefined, new TypeError('x'));
    }),
  );

  it(
    'takes any character for a marble',
    marbleTest(({ cold, expectObservable }) => {
      expectObservable(cold('-🙈-é-|')).toBe('-x-y-|', { x: '🙈', y: 'é' });
      expectObservable(cold('-1-2|')).toBe('-1-2|');
    }),
  );

  it(
    'looks into Observables that are emitted, counting from their own start',
    marbleTest(({ cold, hot, expectObservable }) => {
      const x = cold('-a-b|');
      const y = cold('-c-#');
      expectObservable(hot('---x---y----|', { x, y })).toBe('---x---y----|', {
        x: cold('-a-b|'),
        y: cold('-c-#'),
      });
    }),
  );

  it(
    'compares with another Observable',
    marbleTest(({ cold, expectObservable, expectSubscriptions }) => {
      const one$ = cold('-a-b|');
      expectObservable(one$.pipe(map((value) => value.toUpperCase()))).toEqual(cold('-A-B|'));
      expectSubscriptions(one$.subscriptions).toBe('^---!');
    }),
  );

  it(
    'lets a hot source emit before the start what only the body can see',
    marbleTest(({ hot, expectObservable }) => {
      const source$ = hot('-a-b-^-c|');
      const seen: [string, number][] = [];
      source$.subscribe((value) => seen.push([value, Date.now()]));
      const replayed$ = new ReplaySubject<string>(10, 4);
      source$.subscribe(replayed$);
      expectObservable(source$).toBe('--c|');
      expectObservable(replayed$).toBe('b-c|');
      expectObservable(timer(5).pipe(map(() => seen))).toBe('5ms (x|)', {
        x: [
          ['a', -4],
          ['b', -2],
          ['c', 2],
        ],
      });
    }),
  );

  it.each<[string, (helpers: Parameters<Parameters<typeof runMarbles>[0]>[0]) => unknown]>([
    ["'^' in cold", ({ cold }) => cold('-^-')],
    ["'!' in cold", ({ cold }) => cold('-!-')],
    ["'!' in hot", ({ hot }) => hot('-!-')],
    ["time without '|'", ({ time }) => time('-a-#')],
    ['two subscriptions', ({ expectObservable }) => expectObservable(NEVER, '^-^')],
    ['two unsubscriptions', ({ expectObservable }) => expectObservable(NEVER, '^!-!')],
    ['values in a subscription', ({ expectObservable }) => expectObservable(NEVER, '^a!')],
    ['two animations', ({ animate }) => [animate('-x'), animate('-x')]],
    ['an animation that completes', ({ animate }) => animate('-x|')],
    ['an animation that fails', ({ animate }) => animate('-x#')],
  ])('refuses %s', async (_what, body) => {
    await expect(runMarbles(body, asserted)).rejects.toThrow();
  });
});

describe('time', () => {
  it(
    'is the place of the bar',
    marbleTest(({ time, cold, expectObservable }) => {
      expect([time('--|'), time('  --|  '), time('|')]).toEqual([2, 2, 0]);
      expectObservable(cold('a').pipe(debounceTime(time('---|')))).toBe('---a');
    }),
  );
});

describe('flush', () => {
  it(
    'runs what is due until nothing is left, in the midst of the body',
    marbleTest(({ cold, flush, expectObservable }) => {
      const seen: string[] = [];
      cold('-a-b|')
        .pipe(delay(10))
        .subscribe((value) => seen.push(value));
      expect(seen).toEqual([]);
      flush();
      expect(seen).toEqual(['a', 'b']);
      expectObservable(cold('-c|')).toBe('14ms c|');
      flush();
      expect(Date.now()).toBe(15);
    }),
  );

  it('throws what is not as it was expected by then, and lets the rest wait', async () => {
    const body = runMarbles(({ cold, flush, expectObservable }) => {
      const unsaid = expectObservable(cold('-z'));
      expectObservable(cold('-x')).toBe('-x');
      flush();
      unsaid.toBe('-q');
      expect(() => {
        flush();
      }).toThrow('-q'.slice(1));
    });
    await expect(body).resolves.toMatchObject({ endedAt: 1 });
  });

  it('throws what scheduled work throws, once', async () => {
    const body = runMarbles(({ flush }) => {
      setTimeout(() => {
        throw new Error('boom');
      }, 3);
      expect(() => {
        flush();
      }).toThrow('boom');
      flush();
    });
    await expect(body).resolves.toBeDefined();
  });

  it(
    'lets a hot source that is made behind it be subscribed before it begins',
    marbleTest(({ hot, flush, expectObservable }) => {
      flush();
      const source$ = hot('a-b|');
      expectObservable(source$).toBe('a-b|');
    }),
  );
});

describe('animate', () => {
  it(
    'paints the frames that it names',
    marbleTest(({ animate, cold, expectObservable }) => {
      animate('---x---x');
      const painted$ = cold('a-b----').pipe(mergeMap((value) => scheduled([value], animationFrameScheduler)));
      expectObservable(painted$).toBe('---(ab)');
    }),
  );

  it('is asked for when a frame is requested', async () => {
    const body = runMarbles(({ expectObservable }) => {
      expectObservable(scheduled(['a'], animationFrameScheduler)).toBe('a');
    });
    await expect(body).rejects.toThrow("call animate('---x---x')");
  });
});

describe('what is due at one instant', () => {
  it(
    'goes by kind first: immediates, intervals, timeouts',
    marbleTest(() => {
      const seen: string[] = [];
      const once = setInterval(() => {
        seen.push(`interval ${Date.now()}`);
        clearInterval(once);
      }, 0);
      setTimeout(() => seen.push(`timeout ${Date.now()}`), 0);
      setImmediate(() => seen.push(`immediate ${Date.now()}`));
      setTimeout(() => {
        expect(seen).toEqual(['immediate 0', 'interval 0', 'timeout 0']);
      }, 10);
    }, asserted),
  );

  it(
    'puts asap before async, whatever came first',
    marbleTest(({ cold, expectObservable }) => {
      const both$ = cold('--ab').pipe(
        mergeMap((value) => of(value).pipe(value === 'a' ? delay(1) : delay(0, asapScheduler))),
      );
      expectObservable(both$).toBe('---(ba)');
      const zero$ = cold('--m').pipe(
        mergeMap(() =>
          merge(
            interval(0, asyncScheduler).pipe(
              take(3),
              map(() => 'a'),
            ),
            interval(0, asapScheduler).pipe(
              take(3),
              map(() => 'b'),
            ),
          ),
        ),
      );
      expectObservable(zero$).toBe('--(bbbaaa)');
    }),
  );

  it('takes intervals in the order of their creation, also when they come again', async () => {
    const seen: string[] = [];
    await runMarbles(({ expectObservable }) => {
      const fast$ = interval(10).pipe(map(() => seen.push('fast')));
      const slow$ = interval(20).pipe(map(() => seen.push('slow')));
      expectObservable(merge(fast$, slow$), '^ 20ms !').toBe('10ms a 9ms (bc)', { a: 1, b: 2, c: 3 });
    });
    expect(seen).toEqual(['fast', 'fast', 'slow']);
  });

  it('calls an interval no earlier for a timeout that gave it its place', async () => {
    const seen: string[] = [];
    await runMarbles(({ expectObservable }) => {
      setTimeout(() => seen.push(`timeout ${Date.now()}`), 10);
      const handle = setInterval(() => seen.push(`interval ${Date.now()}`), 10);
      expectObservable(timer(35).pipe(map(() => clearInterval(handle)))).toBe('35ms (a|)', { a: undefined });
    });
    expect(seen).toEqual(['interval 10', 'timeout 10', 'interval 20', 'interval 30']);
  });

  it('does not lose a timeout to an immediate that is cleared when it has been called', async () => {
    const seen: string[] = [];
    await runMarbles(() => {
      setTimeout(() => seen.push('timeout'), 0);
      const handle = setImmediate(() => {
        seen.push('immediate');
        clearImmediate(handle);
      });
    }, asserted);
    expect(seen).toEqual(['immediate', 'timeout']);
  });
});

describe('a TestScheduler that the body uses by itself', () => {
  const testScheduler = new TestScheduler((actual, expected) => {
    expect(actual).toEqual(expected);
  });

  it(
    'has the time of the test, so that it can be passed to operators',
    marbleTest(({ cold, expectObservable }) => {
      expectObservable(cold('-a--b--c---|').pipe(throttleTime(3, testScheduler))).toBe('-a-----c---|');
      expectObservable(cold('5ms a-b-|').pipe(debounceTime(3, testScheduler))).toBe('9ms (b|)');
      expectObservable(of(1).pipe(delay(new Date(testScheduler.now() + 5), testScheduler))).toBe('5ms (a|)', {
        a: 1,
      });
    }),
  );

  it(
    'schedules, and makes sources and expectations',
    marbleTest(() => {
      const seen: number[] = [];
      testScheduler.schedule(() => seen.push(testScheduler.now()), 10);
      testScheduler.expectObservable(testScheduler.createHotObservable('-a|')).toBe('-a|');
      testScheduler.expectObservable(testScheduler.createColdObservable('-a|')).toBe('-a|');
      expect(testScheduler.createTime('---|')).toBe(3);
      testScheduler.flush();
      expect(seen).toEqual([10]);
    }),
  );

  it(
    'shows what run mode has, for whatever is built on it',
    marbleTest(() => {
      const made = new TestScheduler(() => undefined);
      for (const scheduler of [testScheduler, made])
        expect(scheduler).toMatchObject({ maxFrames: Infinity, runMode: true });
      expect(TestScheduler.frameTimeFactor).toBe(1);
      const [message] = TestScheduler.parseMarbles('--a', undefined, undefined, undefined, true);
      expect(message?.frame).toBe(2);
      expect(TestScheduler.parseMarblesAsSubscriptions('-^-!', true)).toMatchObject({
        subscribedFrame: 1,
        unsubscribedFrame: 3,
      });
    }),
  );

  it('shows it behind an await, too, and not behind a body that throws', async () => {
    let behind = 0;
    const body = runMarbles(async ({ clock }) => {
      await clock.sleep(5);
      behind = TestScheduler.frameTimeFactor;
      throw new Error('of the body');
    });
    await expect(body).rejects.toThrow('of the body');
    expect([behind, TestScheduler.frameTimeFactor]).toEqual([1, 10]);
    expect(testScheduler).toMatchObject({ maxFrames: 750, runMode: false });
  });

  it('is itself again afterwards', () => {
    expect(testScheduler.frame).toBe(0);
    expect(testScheduler.maxFrames).toBe(750);
    testScheduler.run(({ cold, expectObservable }) => {
      expectObservable(cold('-a|').pipe(delay(2))).toBe('---(a|)');
    });
    expect(testScheduler.frame).toBe(3);
  });

  it('is not run inside a marble test', async () => {
    const body = runMarbles(() => {
      testScheduler.run(() => undefined);
    });
    await expect(body).rejects.toMatchObject({ code: 'nested-marble-test' });
  });
});

describe('assertDeepEqual', () => {
  it('is given what TestScheduler gives', async () => {
    const compared: unknown[] = [];
    await runMarbles(
      ({ cold, expectObservable, expectSubscriptions }) => {
        const source$ = cold('-a|');
        expectObservable(source$).toBe('-b#');
        expectSubscriptions(source$.subscriptions).toBe('^-!');
      },
      { assertDeepEqual: (actual, expected) => void compared.push([actual, expected]) },
    );
    expect(compared).toEqual([
      [
        [
          { frame: 1, notification: { kind: 'N', value: 'a', error: undefined } },
          { frame: 2, notification: { kind: 'C', value: undefined, error: undefined } },
        ],
        [
          { frame: 1, notification: { kind: 'N', value: 'b', error: undefined } },
          { frame: 2, notification: { kind: 'E', value: undefined, error: 'error' } },
        ],
      ],
      [[{ subscribedFrame: 0, unsubscribedFrame: 2 }], [{ subscribedFrame: 0, unsubscribedFrame: 2 }]],
    ]);
  });

  it('lets its error be seen behind the failure', async () => {
    const cause = new Error('not equal');
    const body = runMarbles(({ cold, expectObservable }) => expectObservable(cold('a')).toBe('b'), {
      assertDeepEqual: () => {
        throw cause;
      },
    });
    await expect(body).rejects.toMatchObject({ code: 'marble-test-failed', cause });
  });
});

describe('RxJS itself', () => {
  it('reports what a subscriber throws in virtual time, which fails the test', async () => {
    const body = runMarbles(({ cold }) => {
      cold('--a').subscribe(() => {
        throw new Error('thrown by a subscriber');
      });
    });
    await expect(body).rejects.toThrow('thrown by a subscriber');
  });

  it(
    'is virtual without a scheduler argument, and with its own ones',
    marbleTest(({ cold, expectObservable }) => {
      const later$ = cold('a-b|').pipe(concatMap((value) => of(value).pipe(delay(10, asyncScheduler))));
      expectObservable(later$).toBe('10ms a 9ms (b|)');
      const subject = new BehaviorSubject('x');
      setTimeout(() => {
        subject.next('y');
        subject.complete();
      }, 4);
      expectObservable(subject.pipe(debounceTime(2))).toBe('--x-(y|)');
      expectObservable(new Subject()).toBe('');
    }),
  );
});
