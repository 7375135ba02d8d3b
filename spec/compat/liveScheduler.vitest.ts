import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { debounceTime, Subject } from 'rxjs';
import { liveClock, Scheduler } from 'rx-agent-kit';

describe("a live scheduler under Vitest's fake timers", () => {
  let log: string[];
  let start: number;
  const note = (what: unknown): void => void log.push(`${String(what)}@${Date.now() - start}`);

  beforeEach(() => {
    vi.useFakeTimers();
    start = Date.now();
    log = [];
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('sees the time that has passed within a turn', () => {
    const scheduler = new Scheduler(liveClock());
    scheduler.schedule(() => note('a'), 10);
    setTimeout(() => scheduler.schedule(() => note('b'), 10), 50);
    vi.advanceTimersByTime(100);
    expect(log).toEqual(['a@10', 'b@60']);
  });

  it('sees it between turns', async () => {
    const scheduler = new Scheduler(liveClock());
    scheduler.schedule(() => note('a'), 10);
    setTimeout(() => scheduler.schedule(() => note('b'), 10), 50);
    await vi.advanceTimersByTimeAsync(100);
    expect(log).toEqual(['a@10', 'b@60']);
  });

  it('sees it when it is advanced by and by', () => {
    const source$ = new Subject<number>();
    source$.pipe(debounceTime(100, new Scheduler(liveClock()))).subscribe(note);
    for (const value of [1, 2, 3]) {
      source$.next(value);
      vi.advanceTimersByTime(60);
    }
    vi.advanceTimersByTime(500);
    expect(log).toEqual(['3@220']);
  });

  it('runs to the next timer, and to the last', () => {
    const scheduler = new Scheduler(liveClock());
    for (const wait of [30, 10, 20]) scheduler.schedule(note, wait, wait);
    vi.advanceTimersToNextTimer();
    expect(log).toEqual(['10@10']);
    vi.runAllTimers();
    expect(log).toEqual(['10@10', '20@20', '30@30']);
  });
});
