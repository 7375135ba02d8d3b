import { debounceTime, interval, Subject, timer } from 'rxjs';
import { createHost, defineAgent } from 'rx-agent-kit';
import { every } from '../../../lib/time/operators/every';
import { liveClock } from '../../../lib/time/clock/liveClock';
import { Scheduler } from '../../../lib/time/queue/Scheduler';

/** Everything that a runner may fake, each set of which makes up a time. */
const SETS: readonly (readonly [name: string, doNotFake: readonly string[]])[] = [
  ['all', []],
  ['all but queueMicrotask and nextTick', ['queueMicrotask', 'nextTick']],
  ['the timers and the Date', ['queueMicrotask', 'nextTick', 'performance', 'hrtime']],
  ['the timers and performance', ['queueMicrotask', 'nextTick', 'Date']],
];

describe.each(SETS)("a live scheduler under Jest's fake timers: %s", (_name, doNotFake) => {
  let log: string[];
  let start: number;
  const holdsDate = !doNotFake.includes('Date');
  const clock = () => (holdsDate ? Date.now() : performance.now());
  const note = (what: unknown) => void log.push(`${what as string}@${Math.round(clock() - start)}`);
  const fake = () => jest.useFakeTimers({ doNotFake: doNotFake as 'Date'[], now: 1e12 });

  beforeEach(() => {
    log = [];
    fake();
    start = clock();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('sees the time that has passed within a turn', () => {
    const scheduler = new Scheduler(liveClock());
    scheduler.schedule(() => note('a'), 10);
    setTimeout(() => scheduler.schedule(() => note('b'), 10), 50);
    jest.advanceTimersByTime(100);
    expect(log).toEqual(['a@10', 'b@60']);
  });

  it('sees it when it is advanced by and by', () => {
    const scheduler = new Scheduler(liveClock());
    const source$ = new Subject<number>();
    source$.pipe(debounceTime(100, scheduler)).subscribe(note);
    for (const value of [1, 2, 3]) {
      source$.next(value);
      jest.advanceTimersByTime(60);
    }
    jest.advanceTimersByTime(500);
    expect(log).toEqual(['3@220']);
  });

  it('keeps to its grid', () => {
    const scheduler = new Scheduler(liveClock());
    const subscription = timer(0, scheduler)
      .pipe(every(10, {}, scheduler))
      .subscribe(({ index, missed }) => note(`${index}/${missed}`));
    subscription.add(interval(25, scheduler).subscribe(note));
    jest.advanceTimersByTime(31);
    jest.advanceTimersByTime(20);
    expect(log).toEqual(['1/0@10', '2/0@20', '0@25', '3/0@30', '4/0@40', '1@50', '5/0@50']);
    subscription.unsubscribe();
    jest.advanceTimersByTime(100);
    expect(log).toHaveLength(7);
  });

  it('sees it when it is advanced over promises', async () => {
    const host = createHost();
    const steps = defineAgent({
      name: 'steps',
      streams: ({ lifecycle, time, handle }) => ({
        step$: lifecycle.start$.pipe(
          time.after(10),
          handle.switch(async (_event, { sleep }) => {
            note('begun');
            await sleep(20);
            note('slept');
          }),
        ),
      }),
    });
    const started = host.start(steps);
    await jest.advanceTimersByTimeAsync(100);
    await started;
    expect(log).toEqual(['begun@10', 'slept@30']);
    const stopped = host.stop();
    await jest.advanceTimersByTimeAsync(1);
    await stopped;
  });

  it('goes on from where it was when the tool takes hold, and when it lets go', async () => {
    jest.useRealTimers();
    const scheduler = new Scheduler(liveClock());
    scheduler.schedule(() => log.push('armed before'), 100);
    fake();
    const before = scheduler.now();
    const passed = (): number => Math.round((scheduler.now() - before) / 10) * 10;
    expect(passed()).toBe(0);
    scheduler.schedule(() => log.push(`held for ${passed()}`), 1000);
    scheduler.schedule(() => log.push('never called by the tool'), 1100);
    jest.advanceTimersByTime(1000);
    expect(log).toEqual(['armed before', 'held for 1000']);
    jest.useRealTimers();
    expect(passed()).toBe(1000);
    await new Promise<void>((resolve) => {
      scheduler.schedule(resolve, 150);
    });
    expect(log[2]).toBe('never called by the tool');
    expect(scheduler.size).toBe(0);
  });
});

describe("a live scheduler under timers that hold no clock, as Jest's legacy ones", () => {
  beforeEach(() => {
    jest.useFakeTimers({ legacyFakeTimers: true });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const refusal = {
    code: 'foreign-fake-timers',
    message: expect.stringContaining("Jest's legacy fake timers"),
  };

  it('refuses to arm anything, and keeps nothing of it', () => {
    const scheduler = new Scheduler(liveClock());
    expect(() => scheduler.schedule(() => undefined, 10)).toThrow(expect.objectContaining(refusal));
    expect(scheduler.size).toBe(0);
  });

  it('refuses the start of an agent', async () => {
    await expect(createHost().start(defineAgent({ name: 'a', streams: () => ({}) }))).rejects.toMatchObject(
      refusal,
    );
  });
});

it('takes a spy on setTimeout for the real one', async () => {
  const spy = jest.spyOn(globalThis, 'setTimeout');
  const scheduler = new Scheduler(liveClock());
  await new Promise<void>((resolve) => {
    scheduler.schedule(resolve, 2);
  });
  expect(spy).toHaveBeenCalled();
  spy.mockRestore();
});
