/**
 * How many runs of a host might go on by themselves, counted as it changes. A marble test looks here after each
 * turn: while a run is awake it computes or waits for something foreign, and virtual time has to wait with it.
 */
export class Activity {
  /** Runs in flight that wait for nothing of the kit's. */
  awake = 0;
  /** Waits that the handlers have said to be foreign, with `external` or `offload`. */
  external = 0;
  /** How often a run has woken or gone to rest. */
  changes = 0;

  wake(): void {
    this.awake++;
    this.changes++;
  }

  rest(): void {
    this.awake--;
    this.changes++;
  }
}
