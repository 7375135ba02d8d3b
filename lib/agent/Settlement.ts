import type { StopReport } from './AgentHandle';

/** Is told what becomes of a start. */
export interface StartObserver {
  ready(): void;
  failed(error: unknown): void;
}

/** Settles what others wait for of an agent: its start, once, and its end. */
export class Settlement {
  private start: StartObserver | undefined;
  private ends: ((report: StopReport) => void)[] | undefined;
  private report: StopReport | undefined;

  /** Unless somebody waits for it already. */
  awaitStart(observer: StartObserver): void {
    this.start ??= observer;
  }

  started(): void {
    this.start?.ready();
    this.start = undefined;
  }

  /** @param error gives what a start that is waited for fails with */
  notStarted(error: () => unknown): void {
    this.start?.failed(error());
    this.start = undefined;
  }

  /** Calls back at once if it has ended. Says whether there is still something to wait for. */
  awaitEnd(done: (report: StopReport) => void): boolean {
    if (this.report !== undefined) {
      done(this.report);
      return false;
    }
    (this.ends ??= []).push(done);
    return true;
  }

  /** What it is from now on; those who wait are told by {@link tellEnd}. */
  set ended(report: StopReport) {
    this.report = report;
  }

  tellEnd(): void {
    const { ends, report } = this;
    if (report === undefined) return;
    for (const done of ends ?? []) done(report);
  }

  get hasEnded(): boolean {
    return this.report !== undefined;
  }

  get isEndAwaited(): boolean {
    return this.ends !== undefined;
  }
}
