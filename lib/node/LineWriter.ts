import { droppedLine } from './TraceLine';

/** Takes text and says when it has been written. */
export type Sink = (text: string) => Promise<unknown>;

/**
 * Writes lines to a sink, one piece at a time, and waits for nothing: what comes while a piece is being written is
 * the next piece. When too much waits, lines are dropped, and a line in their place says how many.
 */
export class LineWriter {
  dropped = 0;
  private waiting: string[] = [];
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
    this.add(line);
    this.writing ??= this.writeAll();
    return true;
  }

  /** Resolves when all that waits has been written. */
  async flush(): Promise<void> {
    this.noteDropped();
    if (this.waiting.length > 0) this.writing ??= this.writeAll();
    await this.writing;
  }

  private add(line: string): void {
    this.noteDropped();
    this.waiting.push(line);
    this.size += line.length;
  }

  private noteDropped(): void {
    if (this.droppedHere === 0) return;
    this.waiting.push(droppedLine(this.droppedHere));
    this.droppedHere = 0;
  }

  private async writeAll(): Promise<void> {
    try {
      // What comes in the same turn goes along.
      await Promise.resolve();
      while (this.waiting.length > 0) {
        const piece = this.waiting.join('');
        this.waiting = [];
        const { size } = this;
        await this.sink(piece);
        this.size -= size;
      }
      this.writing = undefined;
    } catch (error) {
      this.waiting = [];
      this.size = Infinity;
      this.onError(error);
    }
  }
}
