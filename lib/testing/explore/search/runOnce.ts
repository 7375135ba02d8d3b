import type { Store } from '../../../store/Store';
import { MarbleRun } from '../../session/MarbleRun';
import type { MarbleBody } from '../../session/MarbleHelpers';
import type { MarbleOptions } from '../../session/options';
import type { Variation } from '../../session/Variation';
import type { ExploreBody } from '../ExploreHelpers';
import type { Strategy } from '../tape/Strategy';
import { type ChoiceListener, TapeRecorder } from '../tape/TapeRecorder';
import type { RunOutcome } from './RunOutcome';

/** What is run, and where. */
export interface Searchable {
  readonly body: ExploreBody;
  readonly options: MarbleOptions;
  /** Makes the store of a run, where it is not the test's own. */
  readonly store: (() => Store) | undefined;
  /** Makes the world of a run. */
  world(choices: TapeRecorder): RunWorld;
}

/** What is chosen in a run. */
export interface RunWorld extends Variation {
  /** The ms since its start. */
  readonly elapsed: number;
}

/** Is told of each deviation, and at how many ms from the start it is. */
export type DeviationListener = (elapsed: number, ...choice: Parameters<ChoiceListener>) => void;

/** Runs the body once. What a strategy does not answer is 0. */
export async function runOnce(
  what: Searchable,
  strategy: Strategy,
  listener?: DeviationListener,
): Promise<RunOutcome> {
  const { body, options, store } = what;
  const choices = new TapeRecorder(
    strategy,
    listener &&
      ((choice, answer) => {
        listener(world.elapsed, choice, answer);
      }),
  );
  const world = what.world(choices);
  const run = new MarbleRun(store === undefined ? options : { ...options, store: store() }, world);
  let failure: RunOutcome['failure'];
  try {
    // The world gives it the helpers that it asks for.
    await run.run(body as MarbleBody);
  } catch (error) {
    failure = { error };
  }
  return new Outcome(choices.tape, choices.count, failure, run);
}

/** A class, since an object with a getter of its own would keep the whole run out of the reach of V8's young generation. */
class Outcome implements RunOutcome {
  constructor(
    readonly tape: RunOutcome['tape'],
    readonly choices: number,
    readonly failure: RunOutcome['failure'],
    private readonly run: MarbleRun,
  ) {}

  /** It is drawn up for whoever asks for it. */
  get report(): RunOutcome['report'] {
    return this.run.report;
  }
}
