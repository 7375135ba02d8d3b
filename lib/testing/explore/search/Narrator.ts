import { toInstant } from '../../../time/operators/at';
import { ExplorationError } from '../ExplorationError';
import { MarbleTestError } from '../../session/MarbleTestError';
import { Teller } from '../story/Teller';
import { writeStory } from '../story/writeStory';
import { Replay } from '../tape/Strategy';
import type { Tape } from '../tape/Tape';
import { writeTape } from '../tape/tapeText';
import { runOnce, type Searchable } from './runOnce';
import type { RunOutcome } from './RunOutcome';
import type { Tally } from './Tally';

const NOT_REPEATABLE = [
  'The same run came out otherwise when it was done again: something of the body outlasts a run, or is not in the hands of the test.',
  'Make all state within the body (an agent with state of its own by a function that makes it), put back what is global, and let nothing depend on real time.',
];

/** Tells what a search has found. */
export class Narrator {
  constructor(
    private readonly what: Searchable,
    private readonly tally: Tally,
  ) {}

  /** Runs a failing tape once more, and tells its story. */
  async story(head: string, tape: Tape): Promise<ExplorationError> {
    const { what, tally } = this;
    const teller = new Teller();
    const outcome = await runOnce(what, new Replay(tape), teller.listen);
    const { failure, report } = outcome;
    if (failure === undefined) return this.notRepeatable('It fails in one of two times.', outcome);
    const { error } = failure;
    const replay = writeTape(outcome.tape);
    const start = toInstant(what.options.startTime ?? 0);
    const text = writeStory(head, { error, report, deviations: teller.lines(), replay, start });
    // What a marble test says is in the story already.
    const cause = error instanceof MarbleTestError ? error.cause : error;
    return new ExplorationError('exploration-failed', text, tally.report(replay), report, cause);
  }

  /** @param differs what came out otherwise */
  notRepeatable(differs: string, { report, failure }: RunOutcome): ExplorationError {
    const lines = [
      ...NOT_REPEATABLE,
      'What differs first:',
      ...differs.split('\n').map((line) => `  ${line}`),
    ];
    const { tally } = this;
    return new ExplorationError(
      'exploration-not-repeatable',
      lines.join('\n'),
      tally.report(),
      report,
      failure?.error,
    );
  }
}
