import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { SearchProgress } from '../../time/choices/SearchOrders';

const PIECE = 65_536;

/** A file to which the searches of another process write how far they have come. */
export class ProgressFile {
  readonly path = join(mkdtempSync(join(tmpdir(), 'rx-agent-kit-explore-')), 'progress.ndjson');
  private readonly file: number;
  private position = 0;
  private rest = '';

  constructor() {
    writeFileSync(this.path, '');
    this.file = openSync(this.path, 'r');
  }

  /** What has been written since. */
  take(): SearchProgress[] {
    const buffer = Buffer.alloc(PIECE);
    let text = this.rest;
    for (;;) {
      const read = readSync(this.file, buffer, 0, PIECE, this.position);
      if (read === 0) break;
      this.position += read;
      text += buffer.toString('utf8', 0, read);
    }
    const lines = text.split('\n');
    this.rest = lines.pop() ?? '';
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as SearchProgress);
  }

  remove(): void {
    closeSync(this.file);
    rmSync(dirname(this.path), { recursive: true, force: true });
  }
}
