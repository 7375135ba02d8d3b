import { AgentError } from '../../../AgentError';
import { type RandomSource, seededRandom } from '../../../time/spans/random';
import type { VirtualClock } from '../../../time/virtual/VirtualClock';
import type { Draws } from '../../network/Draws';
import type { Failure } from '../../report/failures';
import type { MarbleHelpers } from '../../session/MarbleHelpers';
import type { Variation } from '../../session/Variation';
import type { ExploreHelpers } from '../ExploreHelpers';
import type { TapeRecorder } from '../tape/TapeRecorder';
import type { Cluster } from '../../session/Cluster';
import { FIRST } from '../../session/Crashes';
import type { CommitFate } from '../../session/CrashStore';
import { CrashPoints } from './CrashPoints';
import { ChosenDraws } from './ChosenDraws';
import { ChoosingQueue } from './ChoosingQueue';
import { Disturbances } from './Disturbances';
import { Faults } from './Faults';
import { Invariants } from './Invariants';
import { Lateness } from './Lateness';
import type { Network } from './Network';
import type { WorldPlan } from './plans';
import { pickTimeout } from './pickTimeout';
import { SearchBus } from './SearchBus';
import { StallChoice } from './StallChoice';

/** How many sequences of random numbers there are. */
const SEEDS = 2 ** 20;

/** The world of one run of a search: where the plain one has no choice, it makes one. */
export class World implements Variation, Network {
  readonly bus = new SearchBus(this);
  readonly draws: Draws;
  private readonly disturbances: Disturbances;
  private readonly crashes: CrashPoints;
  private readonly invariants = new Invariants(() => this.elapsed);
  private clock: VirtualClock | undefined;
  private faults!: Faults;
  private late!: Lateness;
  private drawn: RandomSource | undefined;

  constructor(
    readonly choices: TapeRecorder,
    private readonly plan: WorldPlan,
  ) {
    this.draws = new ChosenDraws(choices, () => this.late);
    this.disturbances = new Disturbances(choices, plan.disturb, this.bus);
    this.crashes = new CrashPoints(choices, plan.crashes);
  }

  /** The ms since the start. */
  get elapsed(): number {
    return this.clock === undefined ? 0 : this.clock.now() - this.clock.start;
  }

  searched(clock: VirtualClock, isFirst: boolean): ReturnType<NonNullable<Variation['searched']>> {
    const { choices, plan } = this;
    const queue = new ChoosingQueue(choices, clock);
    if (!isFirst) {
      clock.pick = (count) => choices.choose(count, 'another host goes first');
      return { queue, deviations: this.faults };
    }
    this.clock = clock;
    this.late = new Lateness(choices, queue, clock);
    this.faults = new Faults(choices, plan.faults, plan.latency, this.late);
    return { queue, deviations: this.faults };
  }

  helpers<H extends MarbleHelpers>(plain: H): H & ExploreHelpers {
    const { invariants, faults } = this;
    const { always, eventually } = invariants;
    // They are the body's own already; a copy would ask for what it may have no use for.
    return Object.assign(plain, { always, eventually, fault: faults.fault, choose: this.choose });
  }

  readonly pick: NonNullable<Variation['pick']> = (due) => pickTimeout(this.choices, due);

  /** One choice says which of many sequences it is. */
  readonly random: RandomSource = () => {
    this.drawn ??= seededRandom(this.choices.choose(SEEDS, 'what is random is another sequence'));
    return this.drawn();
  };

  get assertions(): number {
    return this.invariants.count;
  }

  get isBroken(): boolean {
    return this.invariants.broken !== undefined;
  }

  turnEnds(cluster: Cluster): boolean {
    this.invariants.look();
    return !this.isBroken && this.disturbances.turnEnds(cluster);
  }

  commit(number: number, host: string): CommitFate {
    const { late, faults, plan, crashes } = this;
    const commit = host === FIRST ? `commit ${number}` : `commit ${number} of ${host}`;
    const fate = crashes.at(commit);
    if (fate !== undefined) return fate;
    if (faults.refuses(commit)) return { isRefused: true };
    return { late: late.of(plan.latency.commits, commit) };
  }

  stall(): number {
    const { stall } = this.plan;
    return stall === 0 ? 0 : this.choices.choose(stall + 1, StallChoice.one);
  }

  ends(): readonly Failure[] {
    this.choices.end();
    return this.invariants.end();
  }

  latenessOfMessage(what: string): number {
    return this.late.of(this.plan.latency.messages, what);
  }

  latenessOfCall(what: string): number {
    return this.late.of(this.plan.latency.calls, what);
  }

  isUnreachable(procedure: string): boolean {
    return this.faults.isUnreachable(procedure);
  }

  private readonly choose = (n: number, what: string): number => {
    if (!Number.isSafeInteger(n) || n < 1)
      throw new AgentError(
        'bad-option',
        `choose: ${n} has to be a whole number from 1 on: how many ways there are.`,
      );
    return this.choices.choose(n, what);
  };
}
