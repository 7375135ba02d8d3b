import type { Store } from '../../../store/Store';
import { MarbleRun } from '../../session/MarbleRun';
import type { MarbleBody } from '../../session/MarbleHelpers';
import type { MarbleOptions } from '../../session/options';
import type { ExploreBody } from '../ExploreHelpers';
import type { Strategy } from '../tape/Strategy';
import { type ChoiceListener, TapeRecorder } from '../tape/TapeRecorder';
import type { WorldPlan } from '../world/plans';
import { World } from '../world/World';
import type { RunOutcome } from './RunOutcome';

/** What is run, and where. */
export interface Searchable {
  readonly body: ExploreBody;
  readonly options: MarbleOptions;
  /** Makes the store of a run, where it is not the test's own. */
  readonly store: (() => Store) | undefined;
  readonly plan: WorldPlan;
}

/** Is told of each deviation, and at how many ms from the start it is. */
export type DeviationListener = (elapsed: number, ...choice: Parameters<ChoiceListener>) => void;

/** Runs the body once. What a strategy does not answer is 0. */
export async function runOnce(
  { body, options, store, plan }: Searchable,
  strategy: Strategy,
  listener?: DeviationListener,
): Promise<RunOutcome> {
  const choices = new TapeRecorder(
    strategy,
    listener &&
      ((what, answer) => {
        listener(world.elapsed, what, answer);
      }),
  );
  const world = new World(choices, plan);
  const run = new MarbleRun(store === undefined ? options : { ...options, store: store() }, world);
  let failure: RunOutcome['failure'];
  try {
    // The world gives it the helpers that it asks for.
    await run.run(body as MarbleBody);
  } catch (error) {
    failure = { error };
  }
  return { tape: choices.tape, choices: choices.count, report: run.report, failure };
}
