import {
  ExplorationError,
  type ExploreBody,
  type ExploreOptions,
  runExploration,
} from 'rx-agent-kit/testing';

/** Searches, and gives what is told of the run that fails. */
export async function failureOf(body: ExploreBody, options?: ExploreOptions): Promise<ExplorationError> {
  const outcome: unknown = await runExploration(body, options).catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(ExplorationError);
  return outcome as ExplorationError;
}

/** The deviations that a story tells, without their instants. */
export function deviationsOf({ message }: Error): readonly string[] {
  const lines = message.split('\n');
  const from = lines.indexOf('It differs from the plain run in this:') + 1;
  return lines.slice(from, lines.indexOf('', from)).map((line) => line.trim().replace(/^at \S+\s+/, ''));
}
