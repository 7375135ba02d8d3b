/** What may become of what is on its way over the bus of a search. */
export interface Network {
  /** How much later a message comes, in ms. */
  latenessOfMessage(what: string): number;
  /** The same for a call, and for its answer. */
  latenessOfCall(what: string): number;
  /** Whether nobody answers this call. */
  isUnreachable(procedure: string): boolean;
}
