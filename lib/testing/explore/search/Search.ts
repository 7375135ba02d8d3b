import { hostNow } from '../../../time/clock/hostTurn';
import { liveRandom, type RandomSource, seededRandom } from '../../../time/spans/random';
import { ExplorationError } from '../ExplorationError';
import type { ExploreBody } from '../ExploreHelpers';
import type { ExploreReport } from '../ExploreReport';
import { type ExploreOptions, marbleOptionsOf } from '../options';
import { firstDifference } from '../story/traceText';
import { Replay, type Strategy } from '../tape/Strategy';
import { PLAIN, type Tape } from '../tape/Tape';
import { readTape } from '../tape/tapeText';
import { toWorldPlan } from '../world/plans';
import { World } from '../world/World';
import { type FastCheck, loadFastCheck } from './fastCheck';
import { Frontier } from './Frontier';
import { Narrator } from './Narrator';
import { PriorityStrategy } from './PriorityStrategy';
import { RandomStrategy } from './RandomStrategy';
import { runOnce, type Searchable } from './runOnce';
import type { RunOutcome } from './RunOutcome';
import type { SearchKeeper } from './SearchKeeper';
import { shrink } from './shrink';
import { Statistics } from './Statistics';
import { Tally } from './Tally';

const RUNS = 200;
const SEEDS = 2 ** 32;
/** How often progress is told of, in real ms. */
const PROGRESS = 1000;

/** Runs a body over and over, each time otherwise, until it fails or there have been enough runs. */
export class Search {
  private readonly what: Searchable;
  private readonly seed: number;
  private readonly random: RandomSource;
  private readonly most: number;
  private readonly tally: Tally;
  private readonly narrator: Narrator;
  private readonly statistics = new Statistics();
  private toldAt = hostNow();

  constructor(
    body: ExploreBody,
    private readonly given: ExploreOptions,
    private readonly keeper: SearchKeeper,
  ) {
    const { runs = RUNS, exhaustive, store, seed = Math.floor(liveRandom() * SEEDS) } = given;
    const plan = toWorldPlan(given);
    this.what = {
      body,
      options: marbleOptionsOf(given),
      store,
      world: (choices) => new World(choices, plan),
    };
    this.seed = seed;
    this.random = seededRandom(seed);
    this.most = typeof exhaustive === 'number' ? exhaustive : runs;
    this.tally = new Tally(seed);
    this.narrator = new Narrator(this.what, this.tally);
  }

  async run(): Promise<ExploreReport> {
    const { replay, exhaustive = false, onReport } = this.given;
    try {
      if (replay === undefined) {
        const fc = await loadFastCheck();
        const frontier = exhaustive === false ? undefined : new Frontier(this.most);
        await this.beginPlainly(frontier);
        await this.tryKnown(fc);
        await (frontier === undefined ? this.searchAtRandom(fc) : this.searchAll(fc, frontier));
      } else await this.replay(readTape(replay) ?? PLAIN);
    } catch (error) {
      const report = error instanceof ExplorationError ? error.report : this.tally.report();
      this.keeper.ended(report, this.most, true);
      onReport?.(report);
      throw error;
    }
    const report = this.tally.report();
    this.keeper.ended(report, this.most, false);
    onReport?.(report);
    return report;
  }

  private async replay(tape: Tape): Promise<void> {
    const { failure } = await this.once(new Replay(tape));
    if (failure !== undefined) throw await this.narrator.story('The run that was asked for fails.', tape);
  }

  /** The plain run comes first, and twice, to see whether it is the same each time. */
  private async beginPlainly(frontier: Frontier | undefined): Promise<void> {
    const plain = frontier?.next();
    const first = await this.once(plain ?? new Replay(PLAIN));
    if (plain !== undefined) frontier?.add(plain);
    if (first.failure !== undefined)
      throw await this.narrator.story('The first run of the search fails.', PLAIN);
    const second = await runOnce(this.what, new Replay(PLAIN));
    const differs =
      firstDifference(first.report, second.report) ??
      (second.failure && 'the second one fails, the first did not');
    if (differs !== undefined) throw this.narrator.notRepeatable(differs, second);
  }

  private async tryKnown(fc: FastCheck): Promise<void> {
    for (const tape of this.keeper.known()) {
      const outcome = await this.once(new Replay(tape));
      if (outcome.failure !== undefined)
        throw await this.found(fc, outcome, 'A run that has failed before fails');
      this.keeper.forget(tape);
    }
  }

  private async searchAtRandom(fc: FastCheck): Promise<void> {
    while (this.goesOn) {
      const outcome = await this.once(this.strategy());
      this.statistics.runEnds();
      if (outcome.failure !== undefined) throw await this.found(fc, outcome);
    }
  }

  private async searchAll(fc: FastCheck, frontier: Frontier): Promise<void> {
    const { tally } = this;
    while (this.goesOn) {
      const next = frontier.next();
      if (next === undefined) break;
      tally.depth = frontier.depth;
      const outcome = await this.once(next);
      if (outcome.failure !== undefined) throw await this.found(fc, outcome);
      frontier.add(next);
    }
    tally.isExhausted = frontier.isEmpty;
  }

  /** Half of the runs each. */
  private strategy(): Strategy {
    const { random, statistics } = this;
    return this.tally.runs % 2 === 0
      ? new RandomStrategy(random, statistics)
      : new PriorityStrategy(random, statistics);
  }

  private async found(
    fc: FastCheck,
    { tape }: RunOutcome,
    what = `Run ${this.tally.runs} of the search fails`,
  ): Promise<Error> {
    const { tape: shortest, tries } = await shrink(fc, tape, async (strategy) => {
      const outcome = await runOnce(this.what, strategy);
      return outcome.failure && outcome.tape;
    });
    this.keeper.keep(shortest);
    const length = tape.length === 1 ? '1 deviation' : `${tape.length} deviations`;
    const head = `${what} (seed ${this.seed}); ${length}, made ${shortest.length} in ${tries} more runs.`;
    return this.narrator.story(head, shortest);
  }

  private async once(strategy: Strategy): Promise<RunOutcome> {
    const outcome = await runOnce(this.what, strategy);
    this.tally.add(outcome);
    this.tellProgress();
    return outcome;
  }

  private tellProgress(): void {
    if (hostNow() - this.toldAt < PROGRESS) return;
    this.toldAt = hostNow();
    this.keeper.progress(this.tally.report(), this.most);
  }

  private get goesOn(): boolean {
    const { seconds = Infinity } = this.given;
    return this.tally.runs < this.most && this.tally.took < seconds * 1000;
  }
}
