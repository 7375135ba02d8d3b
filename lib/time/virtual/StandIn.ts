type Call = (...args: unknown[]) => unknown;

const standIns = new Map<string, StandIn>();

/**
 * What stands in the place of a global function: one and the same for all tests. A runner may keep whatever it has seen
 * on the global, as Jest does until the file ends, and with it a whole test.
 */
export class StandIn {
  /** What is known of the function by symbols is known of its stand-in. */
  readonly call: Call;
  private present: Call;

  private constructor(theirs: Call, symbols: readonly symbol[]) {
    this.present = theirs;
    this.call = (...args) => this.present(...args);
    for (const symbol of symbols)
      Object.defineProperty(this.call, symbol, {
        get: () => Reflect.get(this.present, symbol) as unknown,
      });
  }

  /**
   * Gives the stand-in of that name, which is made at the first time.
   *
   * @param symbols by which something is known of the function
   */
  static of(name: string, theirs: Call, symbols: readonly symbol[]): StandIn {
    const known = standIns.get(name);
    if (known !== undefined) return known;
    const made = new StandIn(theirs, symbols);
    standIns.set(name, made);
    return made;
  }

  /** Lets it do something else, and gives the way back: who has taken it along gets the host's own from then on. */
  become(ours: Call, theirs: Call): () => void {
    this.present = ours;
    return () => {
      this.present = theirs;
    };
  }
}
