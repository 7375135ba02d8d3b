import type { SchedulerAction, Subscription } from 'rxjs';
import type { Caller } from '../handlers/Callable';
import type { HandlerError } from '../handlers/HandlerError';
import type { Offloader } from '../handlers/Offloader';
import type { OnError } from '../handlers/options';
import type { RunScope } from '../handlers/RunScope';
import { LiveBus } from '../messages/LiveBus';
import type { BusMoment } from '../messages/Membership';
import type { RandomSource } from '../time/random';
import type { Rank } from '../time/rank';
import type { Task, TimerPart, TimerWatcher } from '../time/Timers';
import type { Activity } from '../trace/Activity';
import { Ledger, type Part, type RunnerPart } from '../trace/Ledger';
import type { Log } from '../trace/Log';
import type { Trace } from '../trace/Trace';
import type { Agent } from './Agent';
import type { AgentHost } from './AgentHost';
import { AgentTask } from './AgentTask';
import type { Incidents } from './Incidents';
import type { StreamOwner } from './StreamSubscriber';

/**
 * One agent's part of the host's scheduler. The operators of the agent's context work on it, so that what they
 * arm and run is in the agent's ledger, bears its names in the trace, and ends with it.
 */
export class AgentScope implements RunScope, StreamOwner, TimerWatcher {
  readonly ledger: Ledger;
  /** The stream that is being subscribed: the operators that are subscribed meanwhile are part of it. */
  subscribing = '';
  isHalted = false;
  /** The scheduled work that is armed, if any ever was. */
  tasks: Set<Subscription> | undefined;
  private liveBus: LiveBus | undefined;
  private busMoment: BusMoment = 'setup';

  readonly agent: string;
  private readonly host: AgentHost;

  constructor(
    private readonly owner: Agent,
    private readonly incidents: Incidents,
    private readonly onRunEnded: () => void,
  ) {
    const { name, host } = owner;
    this.agent = name;
    this.host = host;
    this.ledger = new Ledger(name);
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

  /** The agent's side of the bus, made when it is asked for. */
  get bus(): LiveBus {
    return (this.liveBus ??= new LiveBus(this, this.host.bus, this.busMoment, this.owner.observerFailed));
  }

  /** Whether the agent has anything on the bus. */
  get isOnBus(): boolean {
    return this.liveBus?.membership.isEmpty === false;
  }

  joinBus(): void {
    this.busMoment = 'on';
    this.liveBus?.membership.join();
  }

  leaveBus(): void {
    this.busMoment = 'finish';
    this.liveBus?.membership.leave();
  }

  get caller(): Caller {
    return this.bus.caller;
  }

  // The scheduler.

  now(): number {
    return this.host.scheduler.now();
  }

  wallNow(): number {
    return this.host.scheduler.wallNow();
  }

  get rank(): Rank {
    return this.host.scheduler.rank;
  }

  set rank(rank: Rank) {
    this.host.scheduler.rank = rank;
  }

  schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay = 0, state?: T): Subscription {
    const task = new AgentTask<T>(this, work, (error) => {
      this.incidents.taskFailed(error);
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

  // The ledger.

  enter(part: Part): string {
    const stream = this.subscribing === '' ? '(unnamed)' : this.subscribing;
    this.ledger.parts.set(part, stream);
    if (this.isHalted && part.part === 'timer') part.halt();
    return stream;
  }

  leave(part: Part): void {
    this.ledger.parts.delete(part);
    if (part.part === 'runner') this.recovered(part);
  }

  nextRun(): number {
    return this.host.nextRun();
  }

  /** Nobody waits for runs before the agent is halted. */
  runEnded(): void {
    if (this.isHalted) this.onRunEnded();
  }

  mayRestart(): void {
    this.owner.isRestartable = true;
  }

  failed(part: RunnerPart, error: HandlerError, then: OnError): void {
    this.incidents.handlerFailed(part, error, then);
  }

  recovered(part: RunnerPart): void {
    this.incidents.recovered(part);
  }

  // The streams.

  get goesOn(): boolean {
    return this.owner.isRestartable;
  }

  emitted(stream: string, value: unknown): void {
    this.host.output(this.agent, stream, value);
  }

  streamFailed(stream: string, error: unknown): void {
    this.incidents.streamFailed(stream, error);
  }

  teardownFailed(stream: string, error: unknown): void {
    this.incidents.teardownFailed(stream, error);
  }

  // The end.

  /** Cancels all timers and scheduled work for good, and aborts the runs that are not to be waited for. */
  halt(): void {
    this.isHalted = true;
    for (const part of this.ledger.parts.keys()) part.halt();
    for (const task of this.tasks ?? []) task.unsubscribe();
  }

  abortRuns(): void {
    for (const part of this.ledger.parts.keys()) if (part.part === 'runner') part.abort('stopped');
  }

  /** How many runs are in flight, or how many have not come to their end, aborted ones among them. */
  countRuns(which: 'inFlight' | 'unfinished'): number {
    let count = 0;
    for (const part of this.ledger.parts.keys()) if (part.part === 'runner') count += part[which];
    return count;
  }

  // The trace.

  get timerWatcher(): TimerWatcher | undefined {
    return this.trace.isWatched ? this : undefined;
  }

  timerArmed(timer: TimerPart, due: number): void {
    this.trace.write({ type: 'timer-armed', ...this.of(timer), timer: timer.kind, due });
  }

  timerFired(timer: TimerPart, missed: number): void {
    this.trace.write({ type: 'timer-fired', ...this.of(timer), timer: timer.kind, missed });
  }

  timerCancelled(timer: TimerPart): void {
    this.trace.write({ type: 'timer-cancelled', ...this.of(timer), timer: timer.kind });
  }

  private of(timer: TimerPart): { readonly agent: string; readonly stream: string } {
    return { agent: this.agent, stream: this.ledger.parts.get(timer) ?? '(unnamed)' };
  }
}
