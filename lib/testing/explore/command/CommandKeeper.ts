import type { ExploreReport } from '../ExploreReport';
import type { SearchKeeper } from '../search/SearchKeeper';
import type { Tape } from '../tape/Tape';
import type { SearchOrders, SearchProgress } from '../../../time/choices/SearchOrders';
import { type Files, TapeFile } from './TapeFile';

/** Looks after a search for the command: failing tapes come from a file and go into it, progress into another one. */
export class CommandKeeper implements SearchKeeper {
  private readonly tapes: TapeFile;

  constructor(
    private readonly files: Files,
    private readonly orders: SearchOrders,
    private readonly test: string,
  ) {
    this.tapes = new TapeFile(files, orders.tapes, test);
  }

  known(): readonly Tape[] {
    return this.tapes.known();
  }

  keep(tape: Tape): void {
    this.tapes.keep(tape);
  }

  forget(tape: Tape): void {
    this.tapes.forget(tape);
  }

  progress(report: ExploreReport, most: number): void {
    this.tell(report, most);
  }

  ended(report: ExploreReport, most: number, hasFound: boolean): void {
    this.tell(report, most, hasFound ? 'found' : report.isExhausted ? 'exhausted' : 'nothing');
  }

  private tell(report: ExploreReport, most: number, end?: SearchProgress['end']): void {
    const { runs, traces, choices, took, seed } = report;
    const line: SearchProgress = {
      test: this.test,
      runs,
      most,
      traces,
      choices,
      took,
      seed,
      ...(end && { end }),
    };
    this.files.appendFileSync(this.orders.progress, `${JSON.stringify(line)}\n`);
  }
}
