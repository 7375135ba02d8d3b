/* eslint-disable @typescript-eslint/no-deprecated -- RxJS itself sets frameTimeFactor, and others read it */
import { AsyncLocalStorage } from 'node:async_hooks';
import { asapScheduler, asyncScheduler, interval, map, observeOn, of, Subject, switchMap, timer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { createHost, defineAgent, silentLog } from 'rx-agent-kit';
import { marbleTest, runMarbles } from 'rx-agent-kit/testing';

const asserted = { assertsElsewhere: true };
const { setTimeout: realSetTimeout, setImmediate: realSetImmediate } = globalThis;
const realNow = performance.now.bind(performance);
const realDate = Date;

const asker = defineAgent({
  name: 'asker',
  streams: ({ lifecycle, time, handle }) => ({
    answer$: lifecycle.start$.pipe(
      time.after('3s'),
      handle.switch(async (_event, { sleep }) => {
        await sleep('1s');
        return 'answer';
      }),
    ),
  }),
});

/** A test of ten virtual seconds, in which real turns pass so that others can do something. */
const tenSeconds = (inBody: () => unknown = () => undefined) =>
  runMarbles(async ({ start, clock, expectObservable }) => {
    expectObservable(start(asker).streams.answer$).toBe('4s a', { a: 'answer' });
    inBody();
    for (let second = 0; second < 10; second++) {
      await new Promise((resolve) => realSetTimeout(resolve, 2));
      await clock.sleep('1s');
    }
    expect(clock.now()).toBe(10_000);
  });

/** Does something over and over, outside of any test. */
function outside(work: (again: () => void) => void): { count: number; end(): void } {
  const state = { count: 0, isOver: false, end: () => (state.isOver = true) };
  const beat = (): void => {
    state.count++;
    if (!state.isOver) work(beat);
  };
  beat();
  return state;
}

describe('what was started outside of a marble test stays outside', () => {
  it.each<[how: string, again: (beat: () => void) => void]>([
    ['setTimeout', (beat) => void setTimeout(beat, 3)],
    [
      'setInterval',
      (beat) => {
        const handle = setInterval(() => {
          clearInterval(handle);
          beat();
        }, 3);
      },
    ],
    ['a promise and setTimeout', (beat) => void Promise.resolve().then(() => setTimeout(beat, 3))],
    ['promisified setTimeout', (beat) => void new Promise((resolve) => setTimeout(resolve, 3)).then(beat)],
    ["RxJS's timer", (beat) => void timer(3).subscribe(beat)],
    [
      "RxJS's asap",
      (beat) =>
        void of(1)
          .pipe(
            observeOn(asapScheduler),
            switchMap(() => timer(3)),
          )
          .subscribe(beat),
    ],
    ["RxJS's asyncScheduler", (beat) => void asyncScheduler.schedule(beat, 3)],
  ])('a beat by %s', async (_how, again) => {
    const begun = realNow();
    const beat = outside(again);
    await new Promise((resolve) => realSetTimeout(resolve, 10));
    await tenSeconds();
    beat.end();
    expect(beat.count).toBeGreaterThan(1);
    expect(beat.count).toBeLessThan((realNow() - begun) / 3 + 2);
  });

  it('Date and performance.now', async () => {
    const seen: number[] = [];
    const beat = outside((again) => {
      seen.push(
        Date.now() - realDate.now(),
        new Date().getTime() - realDate.now(),
        performance.now() - realNow(),
      );
      realSetTimeout(again, 1);
    });
    await tenSeconds();
    beat.end();
    expect(seen.filter((difference) => Math.abs(difference) > 5_000)).toEqual([]);
    expect(Date()).toContain('GMT');
  });

  it('an interval that goes on over the test', async () => {
    let ticks = 0;
    const begun = realNow();
    const handle = setInterval(() => ticks++, 5);
    const subscription = interval(5).subscribe(() => ticks++);
    await tenSeconds();
    clearInterval(handle);
    subscription.unsubscribe();
    expect(ticks).toBeLessThan(2 * ((realNow() - begun) / 5 + 1));
  });

  it('a live host, its clock, its timers and its handlers', async () => {
    const host = createHost({ log: silentLog });
    const lags: number[] = [];
    const late: number[] = [];
    await host.start(
      defineAgent({
        name: 'outside',
        streams: ({ lifecycle, time, handle }) => ({
          tick$: lifecycle.start$.pipe(
            time.every(5),
            handle.concat(async ({ at }, { sleep, now }) => {
              lags.push(now() - realDate.now(), time.wallNow() - realDate.now(), Date.now() - realDate.now());
              await sleep(1);
              await new Promise((resolve) => setTimeout(resolve, 1));
              late.push(now() - at);
            }),
          ),
        }),
      }),
    );
    const begun = realNow();
    await tenSeconds();
    const took = realNow() - begun;
    await host.stop();
    expect(lags.filter((lag) => Math.abs(lag) > 5_000)).toEqual([]);
    expect(late.filter((ms) => ms < 1 || ms > 5_000)).toEqual([]);
    expect(late.length).toBeLessThan(took / 5 + 2);
  });

  it('a live host that the test triggers', async () => {
    const host = createHost({ log: silentLog });
    const trigger = new Subject<void>();
    const seen: number[] = [];
    await host.start(
      defineAgent({
        name: 'outside',
        streams: ({ time }) => ({
          late$: trigger.pipe(
            time.after(1000),
            map(() => seen.push(realNow())),
          ),
        }),
      }),
    );
    await tenSeconds(() => trigger.next());
    expect(seen).toEqual([]);
    await host.stop();
  });

  it("a TestScheduler of somebody else's", async () => {
    let frames: number | undefined;
    realSetImmediate(() => {
      new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(
        ({ expectObservable, cold }) => {
          expectObservable(cold('a|')).toBe('a|');
        },
      );
      frames = TestScheduler.frameTimeFactor;
    });
    await tenSeconds();
    expect(frames).toBe(10);
    expect(TestScheduler.frameTimeFactor).toBe(10);
  });

  it('though the test clears it, as its own is cleared by others', async () => {
    const seen: string[] = [];
    const theirs = setTimeout(() => seen.push('theirs'), 1);
    let ours: ReturnType<typeof setTimeout> | undefined;
    realSetTimeout(() => clearTimeout(ours), 1);
    await runMarbles(async ({ clock }) => {
      clearTimeout(theirs);
      ours = setTimeout(() => seen.push('ours'), 1000);
      await new Promise((resolve) => realSetTimeout(resolve, 20));
      await clock.sleep('2s');
    }, asserted);
    await new Promise((resolve) => realSetTimeout(resolve, 5));
    expect(seen).toEqual([]);
  });
});

describe('what was made outside and is used in the test is in its time', () => {
  const trigger = new Subject<number>();
  const storage = new AsyncLocalStorage<string>();

  it(
    'a Subject, an Observable and an agent',
    marbleTest(async ({ start, clock, expectObservable }) => {
      expectObservable(trigger.pipe(switchMap(() => timer(1000)))).toBe('2s a', { a: 0 });
      expectObservable(start(asker).streams.answer$).toBe('4s a', { a: 'answer' });
      await clock.sleep('1s');
      trigger.next(1);
    }),
  );

  it(
    'also in a context of its own, and in one that was left',
    marbleTest(async ({ clock }) => {
      const seen: unknown[] = [];
      const note = (): void => void seen.push([storage.getStore(), Date.now()]);
      storage.run('own', () => setTimeout(note, 1000));
      storage.exit(() => setTimeout(note, 2000));
      await clock.sleep('3s');
      expect(seen).toEqual([
        ['own', 1000],
        [undefined, 2000],
      ]);
    }),
  );
});

describe('where the host has no contexts', () => {
  const { getBuiltinModule } = process;
  afterEach(() => {
    process.getBuiltinModule = getBuiltinModule;
  });

  it('what is outside is in the time of the test, and a failure says so', async () => {
    process.getBuiltinModule = (name: string) =>
      name === 'node:async_hooks' ? undefined : getBuiltinModule(name);
    let testing: { runMarbles: typeof runMarbles } | undefined;
    jest.isolateModules(() => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- another copy, which finds another host
      testing = require('rx-agent-kit/testing') as typeof testing;
    });
    const seen: number[] = [];
    realSetTimeout(() => setTimeout(() => seen.push(Date.now()), 1000), 1);
    await testing?.runMarbles(async ({ clock }) => {
      await new Promise((resolve) => realSetTimeout(resolve, 10));
      await clock.sleep('2s');
    }, asserted);
    expect(seen).toEqual([1000]);
    await expect(
      testing?.runMarbles(({ cold, expectObservable }) => {
        expectObservable(cold('a')).toBe('b');
      }),
    ).rejects.toThrow('This host has no async contexts');
  });
});
