import { type Subscriber, throwError } from 'rxjs';
import { AgentError } from '../../AgentError';
import { readable } from '../../readError';
import { type Moment, momentOf } from '../../time/clock/Moment';
import type { Present, Worker } from '../../time/present/Present';
import { timersOf } from '../../time/queue/ForeignTimers';
import type { Rank } from '../../time/queue/rank';
import type { Task, Timers } from '../../time/queue/Timers';
import type { RandomSource } from '../../time/spans/random';
import type { Activity } from '../../trace/Activity';
import type { RunnerPart } from '../../trace/Ledger';
import type { Log } from '../../trace/Log';
import type { HandlerError } from '../run/HandlerError';
import type { RunScope } from '../run/RunScope';
import type { Offloader } from '../waits/Offloader';
import type { Terms } from './options';
import { surroundings } from './surroundings';

/** Nobody reads what these operators do. */
const NO_TRACE = { isWatched: false, isWatchedForRuns: false, write: () => undefined };

/** What a handler operator in no agent has in an agent's place: one for each subscription. */
export class StandaloneScope implements RunScope {
  readonly agent = '';
  readonly trace = NO_TRACE;
  readonly caller = undefined;
  readonly durables = undefined;
  readonly deviations = undefined;
  readonly activity: Activity;
  readonly random: RandomSource;
  readonly log: Log;
  readonly offloader: Offloader;
  private readonly timers: Timers;
  private readonly place: Worker;
  private readonly around = surroundings();
  private runs = 0;
  private moment: Moment | undefined;

  /**
   * @param operator its name, for messages
   * @param result what an error of a run goes to
   */
  constructor(
    operator: string,
    private readonly terms: Terms,
    private readonly result: Subscriber<unknown>,
  ) {
    const { activity, random, log, offloader } = this.around;
    this.timers = timersOf(terms.scheduler);
    this.place = { owner: this, stream: operator };
    this.activity = activity;
    this.random = random;
    this.log = terms.log ?? log;
    this.offloader = terms.offload ?? offloader ?? noPool(operator);
  }

  get present(): Present {
    return this.timers.present;
  }

  now(): number {
    return this.timers.now();
  }

  lately(): Moment {
    return (this.moment = momentOf(this.timers.now(), this.moment));
  }

  arm(due: number, task: Task, rank?: Rank): number {
    return this.timers.arm(due, task, rank);
  }

  disarm(slot: number): void {
    this.timers.disarm(slot);
  }

  enter(runner: RunnerPart): Worker {
    this.around.runners?.add(runner);
    return this.place;
  }

  leave(runner: RunnerPart): void {
    this.around.runners?.delete(runner);
  }

  nextRun(): number {
    return ++this.runs;
  }

  failed(runner: RunnerPart, error: HandlerError): void {
    if (this.terms.onError === 'error') this.end(runner, error);
    else
      try {
        this.tell(error);
      } catch (thrown) {
        // RxJS has a place for what nobody takes, and this is how to get there.
        throwError(() => thrown).subscribe();
      }
  }

  private tell(error: HandlerError): void {
    const { onFailure } = this.terms;
    if (onFailure !== undefined) {
      onFailure(error);
      return;
    }
    const { message, code, cause } = error;
    this.log.error(message, { stream: this.place.stream, code, cause: readable(cause) });
    this.around.failed?.(error);
  }

  /** As RxJS's own operators do: the source may still be emitting. */
  private end(runner: RunnerPart, error: HandlerError): void {
    try {
      this.result.error(error.code === 'handler-failed' ? error.cause : error);
    } finally {
      runner.unsubscribe();
    }
  }

  // There is no health that would show it, and nobody who waits.

  struggles(): void {
    // See above.
  }

  recovered(): void {
    // See above.
  }

  wasFailing(): boolean {
    return false;
  }

  mayRestart(): void {
    // See above.
  }

  runEnded(): void {
    // See above.
  }
}

function noPool(operator: string): Offloader {
  return {
    run() {
      const message = `${operator}: there is nothing here to offload work to. Give it a pool: { offload: workerPool() }, from 'rx-agent-kit/node'.`;
      return Promise.reject(new AgentError('cannot-offload', message));
    },
    close: () => Promise.resolve(),
  };
}
