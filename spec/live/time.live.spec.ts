import { merge, of, take, tap, toArray, lastValueFrom, map } from 'rxjs';
import { after } from '../../lib/time/operators/after';
import { every } from '../../lib/time/operators/every';
import { liveClock } from '../../lib/time/clock/liveClock';
import { seededRandom } from '../../lib/time/spans/random';
import { Scheduler } from '../../lib/time/queue/Scheduler';

// Real time, with bounds that a loaded machine still holds.

describe('Scheduler on the live clock', () => {
  afterEach(() => jest.restoreAllMocks());

  it('does not drift over 50 periods of 20 ms under load', async () => {
    const scheduler = new Scheduler(liveClock());
    const start = scheduler.now();
    const ticks = await lastValueFrom(
      of('a').pipe(
        every('20ms', {}, scheduler),
        map((tick) => ({ ...tick, late: scheduler.now() - tick.at })),
        tap(() => work(7)),
        take(50),
        toArray(),
      ),
    );
    let index = 0;
    const [first] = ticks;
    for (const tick of ticks) {
      expect(tick.index).toBe((index += tick.missed + 1));
      // The grid of the first tick, to the last digit that a double has.
      expect(tick.at - first!.at).toBeCloseTo((index - first!.index) * 20, 2);
      expect(tick.late).toBeGreaterThanOrEqual(0);
    }
    expect(first!.at - start).toBeLessThan(1000);
    // As many ticks as there were periods: none is lost, even if some stand for several.
    expect(Math.floor((scheduler.now() - start) / 20) - index).toBeLessThanOrEqual(50);
    expect(scheduler.size).toBe(0);
  });

  it('never runs work early, and runs it in the order of its instants', async () => {
    const scheduler = new Scheduler(liveClock());
    const random = seededRandom(5);
    const waits = Array.from({ length: 300 }, () => random() * 80);
    const start = scheduler.now();
    const all = lastValueFrom(
      merge(
        ...waits.map((wait) =>
          of(wait).pipe(
            after(wait, scheduler),
            map((due) => ({ due, ran: scheduler.now() - start })),
          ),
        ),
      ).pipe(toArray()),
    );
    const armedWithin = scheduler.now() - start;
    const seen = await all;
    expect(seen).toHaveLength(300);
    // An instant since the epoch has steps of a quarter of a microsecond.
    for (const { due, ran } of seen) expect(ran).toBeGreaterThanOrEqual(due - 0.001);
    for (const [n, { due }] of seen.entries())
      if (n > 0) expect(due).toBeGreaterThan(seen[n - 1]!.due - armedWithin);
    expect(scheduler.size).toBe(0);
  });

  it('has one timer of the host at most', async () => {
    const armed = new Set<unknown>();
    let most = 0;
    const { setTimeout: hostTimeout, clearTimeout: hostClear } = globalThis;
    jest.spyOn(globalThis, 'setTimeout').mockImplementation(((callback: () => void, ms: number) => {
      const timer = hostTimeout(() => {
        armed.delete(timer);
        callback();
      }, ms);
      most = Math.max(most, armed.add(timer).size);
      return timer;
    }) as typeof setTimeout);
    jest.spyOn(globalThis, 'clearTimeout').mockImplementation((timer) => {
      armed.delete(timer);
      hostClear(timer);
    });
    const scheduler = new Scheduler(liveClock());
    const waits = [30, 5, 20, 10, 25, 5, 1, 40];
    await lastValueFrom(merge(...waits.map((wait) => of(wait).pipe(after(wait, scheduler)))));
    expect(most).toBe(1);
    expect(armed.size).toBe(0);
    expect(scheduler.size).toBe(0);
  });

  it('lets the host have its turn while there is work without end', async () => {
    const scheduler = new Scheduler(liveClock());
    let runs = 0;
    const endless = scheduler.schedule(function () {
      runs++;
      this.schedule();
    });
    await new Promise((resolve) => setTimeout(resolve, 30));
    endless.unsubscribe();
    const ran = runs;
    expect(ran).toBeGreaterThan(0);
    await new Promise((resolve) => setImmediate(resolve));
    expect(runs).toBe(ran);
    expect(scheduler.size).toBe(0);
  });

  it('shows a minute a second at a speed of 60', async () => {
    const scheduler = new Scheduler(liveClock({ speed: 60 }));
    const real = performance.now();
    await lastValueFrom(of('a').pipe(after('6s', scheduler)));
    const took = performance.now() - real;
    expect(took).toBeGreaterThanOrEqual(99);
    expect(took).toBeLessThan(4000);
    expect(scheduler.size).toBe(0);
  });
});

/** Keeps the machine busy. */
function work(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}
