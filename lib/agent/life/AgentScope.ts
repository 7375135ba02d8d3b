import type { SchedulerAction, Subscription } from 'rxjs';
import type { AgentError } from '../../AgentError';
import type { Caller } from '../../handlers/waits/Callable';
import type { HandlerError } from '../../handlers/run/HandlerError';
import type { Offloader } from '../../handlers/waits/Offloader';
import type { OnError } from '../../handlers/policies/options';
import type { RunScope } from '../../handlers/run/RunScope';
import type { BusSession } from '../../messages/bus/BusSession';
import type { Moment } from '../../time/clock/Moment';
import type { Deviations } from '../../time/choices/Deviations';
import type { Present, Worker } from '../../time/present/Present';
import type { RandomSource } from '../../time/spans/random';
import type { Rank } from '../../time/queue/rank';
import type { Task, TimerWatcher } from '../../time/queue/Timers';
import { workerBehind } from '../../time/present/workerBehind';
import type { Activity } from '../../trace/Activity';
import { guarded } from '../../trace/guarded';
import { Ledger, type Part, type RunnerPart } from '../../trace/Ledger';
import type { Log } from '../../trace/Log';
import type { Trace } from '../../trace/Trace';
import { AgentStore } from '../../store/AgentStore';
import type { AgentHost } from '../AgentHost';
import { AgentTask, type Tasks } from './AgentTask';
import { BusPlace } from './BusPlace';
import { type BeginningLife, LifeStore } from './LifeStore';
import { TimerTrace } from './TimerTrace';

/** What the operators of a life tell that life. */
export interface ScopeReader {
  /** A handler has failed for good, has succeeded since, or takes no trigger any more. */
  handlerFailed(part: RunnerPart, error: HandlerError, then: OnError): void;
  handlerRecovered(part: RunnerPart, name: string): void;
  handlerLeft(part: RunnerPart, name: string): void;
  /** A handler that is repeated over and over has not succeeded for a while. */
  handlerStruggles(part: RunnerPart, reason: string): void;
  isFailing(name: string): boolean;
  readonly isSettingUp: boolean;
  /** There is a handler that may restart its agent. */
  mayRestart(): void;
  taskFailed(error: unknown): void;
  teardownFailed(where: string, error: unknown): void;
  observerFailed(error: unknown): void;
  tell(error: AgentError): void;
}

/** Who waits for runs to come to their end, once the scope is halted. */
export interface RunAwaiter {
  runEnded(): void;
}

const NO_TASKS: ReadonlySet<Subscription> = new Set();

/**
 * What one life of an agent has of its host: a part of the scheduler and of the bus. The operators of the agent's
 * context work on it: what they arm and run is in its ledger, bears its names in the trace, and ends with the life.
 */
export class AgentScope implements RunScope, Tasks, BeginningLife {
  readonly ledger: Ledger;
  readonly busPlace: BusPlace;
  isHalted = false;
  private hasEnded = false;
  private tasks: Set<Subscription> | undefined;
  private watcher: TimerTrace | undefined;
  /** What is durable in it, if anybody has asked for that. */
  durableParts: AgentStore | undefined;
  /** Whether what happens now is brought by the start. */
  isBeginning = false;
  /** Whether what happens now is brought by the stop itself. */
  isEnding = false;

  constructor(
    readonly agent: string,
    private readonly host: AgentHost,
    private readonly reader: ScopeReader,
    private readonly awaiter: RunAwaiter,
    group?: string,
  ) {
    this.ledger = new Ledger(agent);
    const onThrow = (error: unknown): void => {
      reader.observerFailed(error);
    };
    // Agents of other names have shares of their own.
    this.busPlace = new BusPlace(this, host.bus, onThrow, group && `${group}/${agent}`);
  }

  get trace(): Trace {
    return this.host.trace;
  }

  get activity(): Activity {
    return this.host.activity;
  }

  get random(): RandomSource {
    return this.host.random;
  }

  get log(): Log {
    return this.host.log;
  }

  get offloader(): Offloader | undefined {
    return this.host.offloader;
  }

  get deviations(): Deviations | undefined {
    return this.host.deviations;
  }

  get bus(): BusSession {
    return this.busPlace.session;
  }

  get caller(): Caller {
    return this.bus.caller;
  }

  get durables(): AgentStore {
    return (this.durableParts ??= new AgentStore(new LifeStore(this, this.host)));
  }

  tell(error: AgentError): void {
    this.reader.tell(error);
  }

  // The scheduler.

  now(): number {
    return this.host.scheduler.now();
  }

  lately(): Moment {
    return this.host.scheduler.lately();
  }

  wallNow(): number {
    return this.host.scheduler.wallNow();
  }

  get present(): Present {
    return this.host.scheduler.present;
  }

  get open(): Set<Subscription> {
    return (this.tasks ??= new Set());
  }

  schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay = 0, state?: T): Subscription {
    const task = new AgentTask<T>(this, this, work, (error) => {
      this.reader.taskFailed(error);
    });
    return task.schedule(state, delay);
  }

  arm(due: number, task: Task, rank?: Rank): number {
    return this.host.scheduler.arm(due, task, rank);
  }

  rearm(slot: number, due: number): void {
    this.host.scheduler.rearm(slot, due);
  }

  disarm(slot: number): void {
    this.host.scheduler.disarm(slot);
  }

  onWallSet(listener: () => void): () => void {
    return this.host.scheduler.onWallSet(listener);
  }

  get timerWatcher(): TimerWatcher | undefined {
    if (!this.trace.isWatched) return undefined;
    return (this.watcher ??= new TimerTrace(this.ledger, this.trace));
  }

  // The ledger.

  enter(part: Part): Worker {
    const place = this.placeOf(part.result);
    this.ledger.parts.set(part, place.stream);
    if (this.hasEnded) this.end(part);
    else if (this.isHalted && part.part === 'timer') part.halt();
    return place;
  }

  /** What is subscribed now belongs to the stream that it leads to, or else to whoever is at work. */
  private placeOf(result: object): Worker {
    const place = workerBehind(result, this);
    if (place !== undefined) return place;
    const { worker } = this.present;
    if (worker?.owner === this) return worker;
    return { owner: this, stream: this.reader.isSettingUp ? '(setup)' : '(by hand)' };
  }

  leave(part: Part): void {
    if (part.part === 'runner' && this.ledger.parts.has(part)) this.reader.handlerLeft(part, nameOf(part));
    this.ledger.parts.delete(part);
  }

  nextRun(): number {
    return this.host.nextRun();
  }

  runEnded(): void {
    if (this.isHalted) this.awaiter.runEnded();
  }

  mayRestart(): void {
    this.reader.mayRestart();
  }

  failed(part: RunnerPart, error: HandlerError, then: OnError): void {
    this.reader.handlerFailed(part, error, then);
  }

  struggles(part: RunnerPart, reason: string): void {
    this.reader.handlerStruggles(part, reason);
  }

  recovered(part: RunnerPart): void {
    this.reader.handlerRecovered(part, nameOf(part));
  }

  wasFailing(part: RunnerPart): boolean {
    return this.reader.isFailing(nameOf(part));
  }

  // The end.

  /** The process has ended: nothing of it goes on, and nobody is told. */
  vanish(): void {
    this.isHalted = true;
    this.busPlace.vanish();
    for (const part of this.ledger.parts.keys()) if (part.part === 'runner') part.vanish();
    this.dropTasks(() => undefined);
  }

  /** Cancels all timers and scheduled work for good, and aborts the runs that are not to be waited for. */
  halt(): void {
    this.isHalted = true;
    this.busPlace.halt();
    this.ledger.halt();
    this.dropTasks((error) => {
      this.reader.teardownFailed('scheduler', error);
    });
  }

  private dropTasks(onError: (error: unknown) => void): void {
    for (const task of this.tasks ?? NO_TASKS)
      guarded(() => {
        task.unsubscribe();
      }, onError);
  }

  /** Ends the operators that belong to no stream, and those that come later. What has not ended stays in the ledger. */
  close(): void {
    this.hasEnded = true;
    for (const part of this.ledger.parts.keys()) this.end(part);
  }

  private end(part: Part): void {
    guarded(
      () => {
        part.unsubscribe();
      },
      (error) => {
        this.reader.teardownFailed(this.ledger.parts.get(part) ?? '', error);
      },
    );
  }
}

/** What a handler is known by when it is gone. */
function nameOf({ stream, name }: RunnerPart): string {
  return `${stream}\n${name}`;
}
