/** When a run has last been seen to do something. */
export interface Sighting {
  run: number;
  handler: string;
  at: number;
  isOver: boolean;
}

/** So many runs are kept in places of their own; a power of two. */
const PLACES = 256;

/**
 * The sightings of the runs that go on. Numbers are given in a row and most runs are short: a run has the place of its
 * number, which costs a third of a map, as the bench rows of `virtualTime` show. A run that outlasts so many others
 * that its place is wanted goes into one.
 */
export class Sightings {
  private readonly places: (Sighting | undefined)[] = [];
  private readonly lasting = new Map<number, Sighting>();

  add(run: number, handler: string, at: number): void {
    const index = run % PLACES;
    const before = this.places[index];
    if (before?.isOver === true) {
      before.run = run;
      before.handler = handler;
      before.at = at;
      before.isOver = false;
      return;
    }
    if (before !== undefined) this.lasting.set(before.run, before);
    this.places[index] = { run, handler, at, isOver: false };
  }

  of(run: number): Sighting | undefined {
    const sighting = this.places[run % PLACES];
    if (sighting?.run === run) return sighting.isOver ? undefined : sighting;
    return this.lasting.size === 0 ? undefined : this.lasting.get(run);
  }

  end(sighting: Sighting): void {
    sighting.isOver = true;
    if (this.lasting.size > 0) this.lasting.delete(sighting.run);
  }
}
