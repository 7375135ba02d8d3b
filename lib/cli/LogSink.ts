import { Writable } from 'node:stream';
import { setTimeout } from 'node:timers';

/** How many characters may wait for a reader that is slower than the log. */
const WAITING = 4_000_000;

/** What is told of the way out of the log. */
export interface LogSinkObserver {
  /** Lines are being lost, and why. */
  loses(why: string): void;
  /** It takes lines again, after it has lost so many. */
  recovers(lost: number): void;
}

/**
 * Where the log goes to. It may fail (a full disk, a closed pipe) or not be read, and neither ends the agents nor holds
 * them up: lines are lost then, and are taken again as soon as it does.
 */
export class LogSink {
  /** For loggers that write to a stream. This one never fails. */
  readonly stream = new Writable({
    decodeStrings: false,
    write: (line: string | Buffer, _encoding, done) => {
      this.write(String(line));
      done();
    },
  });
  private lost = 0;
  private isGone = false;

  constructor(
    private readonly out: Writable,
    private readonly observer: LogSinkObserver,
  ) {
    // Each failed write is told to its own callback, too; without a listener it would end the process.
    out.on('error', () => undefined);
  }

  private write(line: string): void {
    const { out } = this;
    if (this.isGone) this.lost++;
    else if (out.writableLength > WAITING) this.lose('who reads it is too slow');
    else
      out.write(line, (error) => {
        if (error) this.failed(error);
        else if (this.lost > 0) this.recover();
      });
  }

  private failed(error: NodeJS.ErrnoException): void {
    this.isGone = error.code === 'EPIPE';
    this.lose(this.isGone ? 'who has read it is gone' : error.message);
  }

  private lose(why: string): void {
    if (this.lost++ === 0) this.observer.loses(why);
  }

  private recover(): void {
    const { lost } = this;
    this.lost = 0;
    this.observer.recovers(lost);
  }
}

/** Resolves when all that was written has been taken, never will be, or has not been within so many ms. */
export function drained(out: Writable, within = Infinity): Promise<void> {
  return new Promise((resolve) => {
    // A stream of the process takes its time by the machine's clock, whatever the agents' is.
    if (within < Infinity) setTimeout(resolve, within);
    out.write('', () => {
      resolve();
    });
  });
}
