/** What one process has measured, by name. CPU is in ns for each unit of work, memory in bytes, spans are in ms. */
export type Figures = Readonly<Record<string, number>>;

/**
 * One way to do the work of a case, in a process of its own.
 *
 * @param scale by how much there is to be done: 1, or less in a quick run
 */
export type Side = (scale: number) => Promise<Figures>;

/** A row of the table: a figure of the kit's, and what it is held against. */
export interface Row {
  readonly name: string;
  readonly figure: string;
  readonly unit: string;
  /** By what a figure is divided to get the unit. */
  readonly per: number;
  readonly target: Target;
}

/** What the kit has to reach. */
export type Target =
  /** A share of what the rival needs: with a floor of 4 the kit needs a quarter at most. */
  | { readonly kind: 'less-than'; readonly rival: string; readonly floor: number; readonly aim: number }
  /** A bound in the row's own unit. */
  | {
      readonly kind: 'at-most' | 'at-least';
      readonly rival?: string;
      readonly floor: number;
      readonly aim: number;
    }
  /** Nothing: the row is there to be read beside another one. */
  | { readonly kind: 'none'; readonly rival?: string };

export interface BenchCase {
  /** The title of its rows' group; `--only` looks for it, too. */
  readonly name: string;
  /** The kit's side is `kit`; the others are its rivals, by the names that the table shows. */
  readonly sides: Readonly<Record<string, Side>>;
  readonly rows: readonly Row[];
  /** What is not on this machine: the case is skipped, in a line that says this. */
  readonly lacks?: string;
}
