import { badOption, checkOptions, optionTable } from '../../options/checkOptions';
import { aFunction } from '../../options/checks';
import { memoryStore } from '../../store/memoryStore';
import type { Store } from '../../store/Store';
import { aDuration, type Duration, formatMs, toMs } from '../../time/spans/duration';
import { refuseForeignFakeTimers } from '../../time/clock/foreignFakeTimers';
import type { MarbleBody } from '../session/MarbleHelpers';
import { MarbleTestError } from '../session/MarbleTestError';
import { type MarbleOptions, MARBLES } from '../session/options';
import { refuseNesting, takeTurn } from '../session/turns';
import { Frontier, type FrontierStrategy } from './search/Frontier';
import { runOnce } from './search/runOnce';
import type { Tape } from './tape/Tape';
import type { TapeRecorder } from './tape/TapeRecorder';
import { SIDES } from './world/CrashPoints';
import { CrashWorld } from './world/CrashWorld';

export interface CrashTestOptions extends Omit<MarbleOptions, 'store'> {
  /** How long nothing runs at a crash. Default 0: the host comes back at the same instant. */
  readonly down?: Duration;
  /** Makes the store of each run, which is empty. Default {@link memoryStore}. */
  readonly store?: () => Store;
}

const CRASHES = optionTable<Pick<CrashTestOptions, 'down' | 'store'>>({ down: aDuration, store: aFunction });

/**
 * Makes a test of a body that is run once to count what is committed, then once more for each commit with a crash
 * right before it, and once with a crash right after it, when whoever waits for it has heard of it. All that is expected has to hold
 * in each of these runs. A failure says at which commit it was.
 * ```ts
 * it('charges once, wherever the process ends', everyCrash(({ start, expectObservable }) => {
 *   const charges = [];
 *   expectObservable(start(shop(charges)).streams.shipped$).toBe('2d a', { a: 'shipped' });
 * }));
 * ```
 * What the body makes has to be made in it, since it runs many times. What was handed to the host and was not kept is
 * lost in a crash: whoever has to know awaits `host.kept()`, which rejects then.
 *
 * @throws AgentError `bad-option` or `bad-duration`
 */
export function everyCrash(body: MarbleBody, options: CrashTestOptions = {}): () => Promise<void> {
  if (typeof body !== 'function')
    throw badOption('everyCrash', 'body', body, 'has to be a function of the helpers');
  const { down, store, ...rest } = options;
  checkOptions('everyCrash', CRASHES, { down, store });
  checkOptions('everyCrash', MARBLES, rest);
  return () =>
    refuseNesting() ?? crashEverywhere(body, { ...rest, down: toMs(down ?? 0), store: store ?? memoryStore });
}

type MarbleCode = ConstructorParameters<typeof MarbleTestError>[0];

interface Plan extends Omit<MarbleOptions, 'store'> {
  readonly down: number;
  readonly store: () => Store;
}

/** An exhaustive search in which the one choice is where the process ends, which it does once at most. */
async function crashEverywhere(body: MarbleBody, { down, store, ...options }: Plan): Promise<void> {
  refuseForeignFakeTimers();
  const endTurn = await takeTurn();
  const world = (choices: TapeRecorder): CrashWorld => new CrashWorld(choices, down);
  const frontier = new Frontier(Infinity);
  let { seed } = options;
  let commits: number | undefined;
  // Nothing of a run outlives this: it is to leave the memory for the next one.
  const run = async (strategy: FrontierStrategy): Promise<void> => {
    const what = { body, store, options: { ...options, ...(seed !== undefined && { seed }) }, world };
    const outcome = await runOnce(what, strategy);
    const { failure, choices, tape } = outcome;
    if (failure !== undefined) throw crashed(failure.error, tape, commits, down);
    commits ??= choices;
    seed ??= outcome.report.seed;
    frontier.add(strategy);
  };
  try {
    for (let next = frontier.next(); next !== undefined; next = frontier.next()) await run(next);
  } finally {
    endTurn();
  }
}

/** What has failed, and in which run. Each choice of such a run is a commit; the plain one makes no other. */
function crashed(error: unknown, [crash]: Tape, commits: number | undefined, down: number): unknown {
  if (crash === undefined || commits === undefined) return error;
  const where = `right ${SIDES[crash.answer - 1] ?? ''} commit ${crash.index + 1} of ${commits}`;
  const hint = `With a crash ${where}${down > 0 ? `, down for ${formatMs(down)}` : ''}:`;
  if (error instanceof MarbleTestError)
    return new MarbleTestError(
      error.code as MarbleCode,
      `${hint}\n${error.message}`,
      error.report,
      error.cause,
    );
  if (error instanceof Error) {
    error.message = `${hint}\n${error.message}`;
    return error;
  }
  return error;
}
