import { refuseForeignFakeTimers } from '../../time/clock/foreignFakeTimers';
import { refuseNesting, takeTurn } from '../session/turns';
import { findCommand } from './command/command';
import { CommandKeeper } from './command/CommandKeeper';
import { idOf, nameOfTest } from './command/nameOfTest';
import type { ExploreBody } from './ExploreHelpers';
import type { ExploreReport } from './ExploreReport';
import { checkExplore, type ExploreOptions } from './options';
import { consoleLog } from '../../trace/Log';
import { LogKeeper } from './search/LogKeeper';
import { Search } from './search/Search';

/**
 * Makes a test of a body that is run many times in virtual time, each time in another order and with other delays and
 * faults, for `it` of Jest, Vitest or `node:test`. The first run that fails is made as short as it can be, and told.
 * ```ts
 * it('never charges twice', explore(({ start, always }) => {
 *   const charges: string[] = [];
 *   start(shop(charges));
 *   always(() => charges.length <= 1, 'an order is charged once');
 * }, { latency: '0..50ms', faults: 1 }));
 * ```
 * It fails as {@link runExploration} does, but what is wrong with the options is thrown at once.
 */
export function explore(body: ExploreBody, options?: ExploreOptions): () => Promise<void> {
  checkExplore('explore', body, options);
  const id = idOf(body);
  // Runners take no notice of what it resolves with; a refusal has to reach them as it is.
  return () => (refuseNesting() ?? inTurn(body, options, id)) as Promise<unknown> as Promise<void>;
}

/**
 * Runs a search, and resolves with a report of what was searched if no run has failed.
 *
 * Rejects with an {@link ExplorationError}: `exploration-failed` with the story of the shortest run found that fails,
 * `exploration-not-repeatable` if the same run does not come out the same; and as `runMarbles` does, with
 * `nested-marble-test` and `foreign-fake-timers`; with `missing-package` where fast-check is not installed.
 */
export function runExploration(body: ExploreBody, options: ExploreOptions = {}): Promise<ExploreReport> {
  return refuseNesting() ?? inTurn(body, options, idOf(body));
}

async function inTurn(body: ExploreBody, given: ExploreOptions = {}, id: string): Promise<ExploreReport> {
  checkExplore('runExploration', body, given);
  refuseForeignFakeTimers();
  const { options, keeper } = underCommand(given, id);
  const endTurn = await takeTurn();
  try {
    refuseForeignFakeTimers();
    return await new Search(body, options, keeper).run();
  } finally {
    endTurn();
  }
}

/** The command has the last word on how much is searched. */
function underCommand(given: ExploreOptions, id: string) {
  const command = findCommand();
  if (command === undefined) return { options: given, keeper: new LogKeeper(consoleLog) };
  const { orders, files } = command;
  const { runs, seconds, exhaustive, seed } = orders;
  const { seed: _own, ...rest } = given;
  const options: ExploreOptions = {
    ...rest,
    ...(runs !== undefined && { runs }),
    ...(seconds !== undefined && { seconds }),
    ...(exhaustive !== undefined && { exhaustive }),
    ...(seed !== undefined && { seed }),
  };
  return { options, keeper: new CommandKeeper(files, orders, nameOfTest(id)) };
}
