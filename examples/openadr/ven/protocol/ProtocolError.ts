/** A message that cannot be read, or not be written: where in it, and why. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';

  constructor(
    /** What is wrong, without the place. */
    readonly problem: string,
    /** The elements around it, the outermost first. */
    readonly path: readonly string[] = [],
  ) {
    super(path.length === 0 ? problem : `${path.join('/')}: ${problem}`);
  }

  /** The same one level further out. */
  within(element: string): ProtocolError {
    return new ProtocolError(this.problem, [element, ...this.path]);
  }
}
