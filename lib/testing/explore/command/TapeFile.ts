import { codeOf } from '../../../readError';
import type { Tape } from '../tape/Tape';
import { readTape, writeTape } from '../tape/tapeText';

/** What is needed of Node's `fs`. */
export interface Files {
  readFileSync(path: string, encoding: 'utf8'): string;
  writeFileSync(path: string, text: string): void;
  appendFileSync(path: string, text: string): void;
}

/** For each test its failing tapes. */
type Kept = Record<string, string[]>;

/** The failing tapes of one test in a file that people may read, and put under version control. */
export class TapeFile {
  constructor(
    private readonly files: Files,
    private readonly path: string,
    private readonly test: string,
  ) {}

  known(): readonly Tape[] {
    return (this.read()[this.test] ?? []).map(readTape).filter((tape) => tape !== undefined);
  }

  keep(tape: Tape): void {
    this.change((tapes) => [...new Set([...tapes, writeTape(tape)])]);
  }

  forget(tape: Tape): void {
    const text = writeTape(tape);
    this.change((tapes) => tapes.filter((other) => other !== text));
  }

  private change(change: (tapes: readonly string[]) => string[]): void {
    const { [this.test]: tapes = [], ...others } = this.read();
    const changed = change(tapes);
    const kept = { ...others, ...(changed.length > 0 && { [this.test]: changed }) };
    this.files.writeFileSync(this.path, `${JSON.stringify(kept, undefined, 2)}\n`);
  }

  private read(): Kept {
    try {
      return JSON.parse(this.files.readFileSync(this.path, 'utf8')) as Kept;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return {};
      throw error;
    }
  }
}
