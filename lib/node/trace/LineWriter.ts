import { droppedLine } from './TraceLine';

/** Takes text and says when it has been written. */
export type Sink = (text: string) => Promise<unknown>;

/**
 * Writes lines to a sink, one piece at a time, and waits for nothing: what comes while a piece is being written is
 * the next piece. When too much waits, lines are dropped, and a line in their place says how many.
 */
export class LineWriter {
  /** How many lines have been written for sure, and how many will never be. */
  written = 0;
  dropped = 0;
  private waiting: string[] = [];
  /** How many lines wait for the next piece, and how many characters wait in all. */
  private lines = 0;
  private size = 0;
  private droppedHere = 0;
  private writing: Promise<void> | undefined;

  /**
   * @param limit how many characters may wait
   * @param onError is told once that the sink has failed; what comes after that is dropped
   */
  constructor(
    private readonly sink: Sink,
    private readonly limit: number,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** False if the line was dropped. */
  write(line: string): boolean {
    if (this.size + line.length > this.limit) {
      this.dropped++;
      this.droppedHere++;
      return false;
    }
    this.noteDropped();
    this.waiting.push(line);
    this.lines++;
    this.size += line.length;
    this.writing ??= this.writeAll();
    return true;
  }

  /** Resolves when all that waits has been written, or never will be. */
  async flush(): Promise<void> {
    this.noteDropped();
    if (this.waiting.length > 0) this.writing ??= this.writeAll();
    await this.writing;
  }

  private noteDropped(): void {
    if (this.droppedHere === 0) return;
    this.waiting.push(droppedLine(this.droppedHere));
    this.droppedHere = 0;
  }

  private async writeAll(): Promise<void> {
    let lines = 0;
    try {
      // What comes in the same turn goes along.
      await Promise.resolve();
      while (this.waiting.length > 0) {
        const piece = this.waiting.join('');
        const { size } = this;
        this.waiting = [];
        [lines, this.lines] = [this.lines, 0];
        await this.sink(piece);
        this.size -= size;
        this.written += lines;
      }
      this.writing = undefined;
    } catch (error) {
      this.dropped += lines + this.lines;
      this.waiting = [];
      this.size = Infinity;
      this.onError(error);
    }
  }
}
