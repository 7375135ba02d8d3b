import { hostNow } from '../../../time/clock/hostTurn';
import { liveRandom, type RandomSource, seededRandom } from '../../../time/spans/random';
import { toInstant } from '../../../time/operators/at';
import { ExplorationError } from '../ExplorationError';
import type { ExploreBody } from '../ExploreHelpers';
import type { ExploreReport } from '../ExploreReport';
import type { ExploreOptions } from '../options';
import { Teller } from '../story/Teller';
import { firstDifference } from '../story/traceText';
import { writeStory } from '../story/writeStory';
import { Replay, type Strategy } from '../tape/Strategy';
import { PLAIN, type Tape } from '../tape/Tape';
import { readTape, writeTape } from '../tape/tapeText';
import { toWorldPlan } from '../world/plans';
import { type FastCheck, loadFastCheck } from './fastCheck';
import { PriorityStrategy } from './PriorityStrategy';
import { RandomStrategy } from './RandomStrategy';
import { runOnce, type Searchable } from './runOnce';
import type { RunOutcome } from './RunOutcome';
import { shrink } from './shrink';
import { Statistics } from './Statistics';
import { TraceCount } from './TraceCount';
import { hashTrace } from './traceHash';

const RUNS = 200;
const SEEDS = 2 ** 32;

/** Runs a body over and over, each time otherwise, until it fails or there have been enough runs. */
export class Search {
  private readonly what: Searchable;
  private readonly seed: number;
  private readonly random: RandomSource;
  private readonly most: number;
  private readonly traces = new TraceCount();
  private readonly statistics = new Statistics();
  private readonly start = hostNow();
  private runs = 0;
  private choices = 0;
  private isExhausted = false;

  constructor(
    body: ExploreBody,
    private readonly given: ExploreOptions,
  ) {
    const {
      runs = RUNS,
      seed,
      assertDeepEqual,
      until,
      startTime,
      maxInstants,
      maxHold,
      offload,
      assertsElsewhere,
    } = given;
    const options = { assertDeepEqual, until, startTime, maxInstants, maxHold, offload, assertsElsewhere };
    const stated = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
    // What is random in a run is chosen, too: this seed is not drawn from.
    this.what = { body, options: { ...stated, seed: 0 }, plan: toWorldPlan(given) };
    this.seed = seed ?? Math.floor(liveRandom() * SEEDS);
    this.random = seededRandom(this.seed);
    this.most = runs;
  }

  async run(): Promise<ExploreReport> {
    const { replay } = this.given;
    if (replay !== undefined) return this.replay(readTape(replay) ?? PLAIN);
    const fc = await loadFastCheck();
    await this.beginPlainly();
    while (this.runs < this.most && !this.isTimeOver) {
      const outcome = await this.once(this.strategy());
      if (outcome.failure !== undefined) await this.fail(fc, outcome);
    }
    return this.ended(undefined);
  }

  private async replay(tape: Tape): Promise<ExploreReport> {
    const outcome = await this.once(new Replay(tape));
    if (outcome.failure !== undefined) throw await this.story('The run that was asked for fails.', tape);
    return this.ended(undefined);
  }

  /** The plain run comes first, and twice, to see whether it is the same each time. */
  private async beginPlainly(): Promise<void> {
    const first = await this.once(new Replay(PLAIN));
    if (first.failure !== undefined) throw await this.story('The first run of the search fails.', PLAIN);
    const second = await runOnce(this.what, new Replay(PLAIN));
    const differs = firstDifference(first.report, second.report);
    if (differs === undefined && second.failure === undefined) return;
    throw this.notRepeatable(differs, second);
  }

  private async fail(fc: FastCheck, { tape }: RunOutcome): Promise<never> {
    const found = this.runs;
    const { tape: shortest, tries } = await shrink(fc, tape, async (candidate) => {
      const outcome = await runOnce(this.what, new Replay(candidate));
      return outcome.failure && outcome.tape;
    });
    const head = `Run ${found} of the search fails (seed ${this.seed}); it was made shorter from ${count(tape.length)} to ${shortest.length} in ${tries} more runs.`;
    throw await this.story(head, shortest);
  }

  private async once(strategy: Strategy): Promise<RunOutcome> {
    const outcome = await runOnce(this.what, strategy);
    this.runs++;
    this.statistics.runEnds();
    this.choices = Math.max(this.choices, outcome.choices);
    this.traces.add(hashTrace(outcome.report.trace));
    return outcome;
  }

  /** Half of the runs each. */
  private strategy(): Strategy {
    const { random, statistics } = this;
    return this.runs % 2 === 0
      ? new RandomStrategy(random, statistics)
      : new PriorityStrategy(random, statistics);
  }

  /** Runs a tape once more, to tell what it does. */
  private async story(head: string, tape: Tape): Promise<ExplorationError> {
    const teller = new Teller();
    const { failure, report, tape: taken } = await runOnce(this.what, new Replay(tape), teller.listen);
    if (failure === undefined) return this.notRepeatable(undefined, { tape, choices: 0, report, failure });
    const replay = writeTape(taken);
    const { error } = failure;
    const start = toInstant(this.given.startTime ?? 0);
    const text = writeStory(head, { error, report, deviations: teller.lines(), replay, start });
    return new ExplorationError('exploration-failed', text, this.ended(replay), report, error);
  }

  private notRepeatable(differs: string | undefined, { report, failure }: RunOutcome): ExplorationError {
    const message = [
      'The same run came out otherwise when it was done again: something of the body outlasts a run, or is not in the hands of the test.',
      'Make all state within the body (an agent with state of its own by a function that makes it), put back what is global, and let nothing depend on real time.',
      ...(differs === undefined
        ? []
        : ['What differs first:', ...differs.split('\n').map((line) => `  ${line}`)]),
    ].join('\n');
    return new ExplorationError(
      'exploration-not-repeatable',
      message,
      this.ended(undefined),
      report,
      failure?.error,
    );
  }

  private ended(replay: string | undefined): ExploreReport {
    const { runs, choices, seed, isExhausted } = this;
    const took = hostNow() - this.start;
    const report: ExploreReport = {
      runs,
      traces: this.traces.count,
      choices,
      seed,
      isExhausted,
      took,
      replay,
    };
    this.given.onReport?.(report);
    return report;
  }

  private get isTimeOver(): boolean {
    const { seconds } = this.given;
    return seconds !== undefined && hostNow() - this.start >= seconds * 1000;
  }
}

function count(deviations: number): string {
  return deviations === 1 ? '1 deviation' : `${deviations} deviations`;
}
