import type { Json } from './Json';
import type { Journal } from './Journal';

/** The entries of one durable part: what is kept of it, as of all that has been written so far. */
export class Shelf {
  readonly entries = new Map<string, Json>();

  /** @param prefix what the keys of its entries begin with */
  constructor(
    private readonly journal: Journal,
    private readonly prefix: string,
  ) {}

  get(id: string): Json | undefined {
    return this.entries.get(id);
  }

  put(id: string, value: Json): void {
    const isNew = !this.entries.has(id);
    this.entries.set(id, value);
    this.journal.put(this.prefix + id, value, isNew);
  }

  remove(id: string): void {
    if (this.entries.delete(id)) this.journal.remove(this.prefix + id);
  }
}
