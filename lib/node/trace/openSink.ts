import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

/** How long to wait, in ms, until a pipe that is full is tried again. */
const FULL = 50;

/** A file, a device or a pipe that texts are written to. */
export interface FileSink {
  /** Resolves when all of the text has been written. */
  write(text: string): Promise<void>;
  /** Lets go of it, also of a text that still waits for its reader. It never rejects. */
  close(): Promise<void>;
}

/**
 * Opens a file for writing, and empties it. A pipe whose reader does not read must not hold a thread of Node's pool:
 * the process could not end any more. So it is asked anew, from time to time, whether it takes more; and one that
 * nobody reads at all is refused.
 */
export async function openSink(path: string): Promise<FileSink> {
  const { O_WRONLY, O_CREAT, O_TRUNC } = constants;
  // Windows has no such flag, though the types know nothing of that.
  const { O_NONBLOCK = 0 } = constants as Partial<typeof constants>;
  return new OpenFile(await open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK));
}

class OpenFile implements FileSink {
  private isClosed = false;

  constructor(private readonly file: FileHandle) {}

  async write(text: string): Promise<void> {
    let rest: Uint8Array = Buffer.from(text);
    while (rest.length > 0 && !this.isClosed) {
      const written = await this.writeSome(rest);
      rest = rest.subarray(written);
      if (written === 0) await pause(FULL, undefined, { ref: false });
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    // What cannot be closed is lost; whoever wrote has been told, or there is nothing more to write.
    await this.file.close().catch(() => undefined);
  }

  private async writeSome(bytes: Uint8Array): Promise<number> {
    try {
      return (await this.file.write(bytes)).bytesWritten;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
      throw error;
    }
  }
}
