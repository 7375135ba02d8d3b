import type { Shelf } from './Shelf';

/** So many numbers are taken at a time, so that they are written down once in so many. */
const BLOCK = 1000;
const ID = '1';

/** Gives out numbers in their order, none of them twice, by whichever host of a name. */
export class Numbers {
  private last = 0;
  private end = 0;

  constructor(private readonly shelf: Shelf) {}

  /** The entries are there. */
  begin(): void {
    this.end = Number(this.shelf.get(ID) ?? 0);
    this.last = this.end;
  }

  next(): number {
    if (this.last === this.end) {
      this.end += BLOCK;
      this.shelf.put(ID, this.end);
    }
    return ++this.last;
  }
}
