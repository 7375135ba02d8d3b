/** Under this name the command `rx-agent-kit explore` tells the searches of a test run what it wants, as JSON. */
export const ORDERS = 'RX_AGENT_KIT_EXPLORE';

/** What the command wants of every search. */
export interface SearchOrders {
  readonly runs?: number;
  readonly seconds?: number;
  readonly seed?: number;
  readonly exhaustive?: boolean;
  /** The file in which failing tapes are kept. */
  readonly tapes: string;
  /** The file to which progress is written, a line of JSON each time. */
  readonly progress: string;
}

/** A line of progress. */
export interface SearchProgress {
  readonly test: string;
  readonly runs: number;
  readonly most: number;
  readonly traces: number;
  readonly choices: number;
  readonly took: number;
  readonly seed: number;
  /** How it has ended, once it has. */
  readonly end?: 'found' | 'nothing' | 'exhausted';
}
