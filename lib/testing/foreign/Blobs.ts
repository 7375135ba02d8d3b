import type { Resource } from './requestState';

const FILE_REQUEST = 'FSREQCALLBACK';

/**
 * The blobs of files that a test reads. Each piece is a request of `fs` that is never called back itself, and of the
 * later ones nobody can tell by the context whose they are: they are done when the blob's reader is called back.
 */
export class Blobs {
  private readonly readers = new Set<number>();
  private readonly reads = new Map<number, Resource>();

  add(reader: number): void {
    this.readers.add(reader);
  }

  /** Takes note of what may be the read of a piece. */
  note(id: number, type: string, resource: Resource): void {
    if (this.readers.size > 0 && type === FILE_REQUEST) this.reads.set(id, resource);
  }

  calledBack(id: number): void {
    if (this.readers.has(id)) this.reads.clear();
  }

  areRead(): boolean {
    for (const [id, { oncomplete, ondone }] of this.reads) {
      if (oncomplete === undefined && ondone === undefined) return true;
      this.reads.delete(id);
    }
    return false;
  }

  accept(): void {
    this.reads.clear();
  }
}
