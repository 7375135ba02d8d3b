/** A shorter name is part of many others by chance. */
const SHORTEST_PART = 3;

/**
 * The name that was probably meant: the one among those that are known which differs least, whatever the case, by
 * letters that are added, left out, taken for another or swapped with their neighbours (the Damerau-Levenshtein
 * distance, which may be a third of the longer name, and 1 in any case); else one that is a part of the name or has it
 * as a part (`timezone`, `zone`). Undefined if none is near.
 */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  const given = name.toLowerCase();
  let nearest: string | undefined;
  let least = Infinity;
  for (const candidate of known) {
    const other = candidate.toLowerCase();
    const longer = Math.max(given.length, other.length);
    // Nothing in common is not near, however short the names are.
    const allowed = Math.min(Math.max(1, Math.floor(longer / 3)), longer - 1);
    if (Math.abs(given.length - other.length) > allowed) continue;
    const distance = distanceBetween(given, other);
    if (distance > allowed || distance >= least) continue;
    nearest = candidate;
    least = distance;
  }
  return nearest ?? [...known].find((candidate) => isPart(given, candidate.toLowerCase()));
}

function isPart(one: string, other: string): boolean {
  if (Math.min(one.length, other.length) < SHORTEST_PART) return false;
  return one.includes(other) || other.includes(one);
}

/** Each letter takes part in one change at most (optimal string alignment), so that three rows of the table will do. */
function distanceBetween(one: string, other: string): number {
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row++) {
    const next = [row];
    for (let column = 1; column <= other.length; column++) {
      const isSame = one[row - 1] === other[column - 1];
      const isSwap =
        row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      next[column] = Math.min(
        at(last, column) + 1,
        at(next, column - 1) + 1,
        at(last, column - 1) + (isSame ? 0 : 1),
        isSwap ? at(before, column - 2) + 1 : Infinity,
      );
    }
    [before, last] = [last, next];
  }
  return at(last, other.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
