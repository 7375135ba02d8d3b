import { type Mark, NO_MARK } from './Leases';

/** The marks of leases, in one place. */
export class Marks {
  private readonly all = new Map<string, Mark>();

  read(name: string): Mark {
    return this.all.get(name) ?? NO_MARK;
  }

  /** Writes a mark behind the one that is meant. Gives its number, or undefined if another one stands there. */
  write(name: string, holder: string, after: number): number | undefined {
    if (this.read(name).number !== after) return undefined;
    this.all.set(name, { number: after + 1, holder });
    return after + 1;
  }
}
