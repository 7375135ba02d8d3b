import { AgentError } from '../../AgentError';
import { captureContext, runIn } from '../../time/present/Context';
import { atTurnEnd } from '../../time/clock/turnEnd';
import type { Json } from '../../store/Json';
import { checkKeyPart } from '../../store/keys';
import type { Lane } from '../policies/Lane';
import { ActiveRun, type AttemptOwner } from '../run/ActiveRun';
import { StoreWait } from '../waits/StoreWait';
import type { Job, RunJob } from './Job';
import type { Jobs } from './Jobs';

/** One attempt at one job. It begins when the job is kept, and after `start$`. */
export class DurableRun<T, R> extends ActiveRun<Job<T>, R> implements RunJob {
  private begun: Set<string> | undefined;

  constructor(
    runner: AttemptOwner<Job<T>, R>,
    private readonly jobs: Jobs<T>,
    job: Job<T>,
    /** Whether it is a retry: an attempt that follows one which has failed in this life. */
    private readonly isRetry: boolean,
    /** Whether an earlier life may have ended in a run of its job: it is among the first of this one. */
    private readonly isSuspect: boolean,
    lane: Lane<Job<T>>,
  ) {
    super(runner, job, job.attempts + 1, lane);
  }

  override begin(): void {
    const { jobs, trigger: job, isSuspect } = this;
    jobs.begins(job, this.attempt, isSuspect);
    if (!isSuspect && jobs.isKept(job)) {
      super.begin();
      return;
    }
    const { untaken } = jobs.store;
    const context = captureContext();
    const wait = new StoreWait(
      this.waiting,
      () => {
        runIn(context, () => {
          super.begin();
        });
        // What the turn leads to is written at its end.
        if (isSuspect)
          atTurnEnd(() => {
            untaken.remove(this);
          });
      },
      () => {
        untaken.remove(this);
        this.leave();
      },
    ).open();
    if (!isSuspect) {
      this.whenKept(wait.goOn, () => undefined);
      return;
    }
    untaken.add(this);
    // That this life tries it is kept before it does, and before start$ nothing is run.
    const goOn = (): void => {
      jobs.durables.whenStarted(wait.goOn);
    };
    this.whenKept(goOn, () => {
      untaken.remove(this);
    });
  }

  /** That it is over is written before its value is seen, so that this is seen when that is kept. */
  override succeed(value: R): void {
    if (this.isLive) this.jobs.end(this.trigger);
    super.succeed(value);
  }

  // What the run has of its job.

  override get job(): RunJob {
    return this;
  }

  get key(): string {
    return this.jobs.keyOf(this.trigger);
  }

  stepOf(name: string): Json | undefined {
    return this.jobs.stepOf(this.trigger, name);
  }

  beginStep(name: string): void {
    checkKeyPart(this.where, 'the name of a step', name);
    const begun = (this.begun ??= new Set());
    if (begun.has(name))
      throw new AgentError(
        'bad-option',
        `${this.where}: two steps of one run are named '${name}'. Each needs a name of its own: number them in a loop.`,
      );
    begun.add(name);
  }

  write(name: string, value: unknown, schema: unknown): Json {
    return this.jobs.durables.write(this.jobs.where(`step '${name}'`), value, schema);
  }

  read(name: string, kept: Json, schema: unknown): unknown {
    return this.jobs.durables.read(this.jobs.where(`step '${name}'`), kept, schema);
  }

  waitsOutside(): void {
    this.jobs.spare(this.trigger);
  }

  keepStep(name: string, kept: Json): void {
    this.jobs.keepStep(this.trigger, name, kept);
  }

  /** A wait that was over in an earlier life is over; one that has failed its attempt is waited for anew by the next. */
  leftOf(name: string, timeout: number): number {
    this.waitsOutside();
    if (timeout === Infinity) return timeout;
    const until = `${name} (until)`;
    const now = this.wallNow();
    const kept = this.stepOf(until);
    if (typeof kept === 'number' && (kept > now || !this.isRetry)) return Math.max(0, kept - now);
    this.keepStep(until, now + timeout);
    return timeout;
  }

  wallNow(): number {
    return this.jobs.wallNow();
  }

  whenKept(kept: () => void, refused: (error: unknown) => void): void {
    this.jobs.journal.whenKept({
      kept,
      refused: (error, isForGood) => {
        if (isForGood) refused(error);
      },
    });
  }

  private get where(): string {
    return `${this.scope.agent}.${this.stream}`;
  }
}
