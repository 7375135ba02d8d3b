import type { SearchProgress } from '../../time/choices/SearchOrders';

const WIDTH = 24;
const LONGEST = 40;

/** How far the searches have come, as lines for people. */
export class ProgressBar {
  private readonly searches = new Map<string, SearchProgress>();

  add(progress: SearchProgress): void {
    this.searches.set(progress.test, progress);
  }

  /** The search that goes on. */
  line(): string | undefined {
    const now = [...this.searches.values()].find(({ end }) => end === undefined);
    if (now === undefined) return undefined;
    const { test, runs, most, traces, took } = now;
    const share = Math.min(1, runs / most);
    const bar = '█'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH, '░');
    return `${bar} ${percent(share)}  ${count(runs)} of ${count(most)} runs, ${speed(runs, took)}, ${count(traces)} traces  ${cut(test)}`;
  }

  /** What all searches have come to. */
  summary(): string[] {
    return [...this.searches.values()].map(({ test, runs, traces, choices, took, seed, end }) => {
      const what = `${count(runs)} runs, ${count(traces)} different traces, up to ${count(choices)} choices, ${speed(runs, took)}, seed ${String(seed)}`;
      return `${VERDICTS[end ?? 'broken']}  ${test}: ${what}`;
    });
  }
}

const VERDICTS = {
  found: 'fails    ',
  nothing: 'holds    ',
  exhausted: 'holds always',
  broken: 'broken off',
};

function speed(runs: number, took: number): string {
  return `${count(Math.round((runs / Math.max(1, took)) * 1000))} a second`;
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}

function percent(share: number): string {
  return `${String(Math.floor(share * 100))} %`.padStart(5);
}

function cut(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}
