/** What a search has seen. */
export interface ExploreReport {
  /** How many runs there have been, the plain one included; without those by which a failure was made shorter. */
  readonly runs: number;
  /** How many of them differed in their traces; beyond some thousands that is an estimate. */
  readonly traces: number;
  /** How many choices the longest run had. */
  readonly choices: number;
  readonly seed: number;
  /** Whether all runs that there are have been seen, as `exhaustive` asks for it. */
  readonly isExhausted: boolean;
  /** Of an exhaustive search: with how many deviations from the plain run it has come to look at runs. */
  readonly depth: number;
  /** How long it took, in real ms. */
  readonly took: number;
  /** The run that failed, if one did, as `replay` takes it. */
  readonly replay: string | undefined;
}
