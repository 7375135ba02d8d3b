/** What is wrong with what the command was given. It is told before anything has started, and the exit code is 2. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
