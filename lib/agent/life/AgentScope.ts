import type { Caller } from '../../handlers/Callable';
import type { HandlerError } from '../../handlers/HandlerError';
import type { Offloader } from '../../handlers/Offloader';
import type { OnError } from '../../handlers/options';
import type { RunScope } from '../../handlers/RunScope';
import { LiveBus } from '../../messages/LiveBus';
import type { BusMoment } from '../../messages/Membership';
import type { Worker } from '../../time/Present';
import type { RandomSource } from '../../time/random';
import { workerBehind } from '../../time/workerBehind';
import type { Activity } from '../../trace/Activity';
import type { Part, RunnerPart } from '../../trace/Ledger';
import type { Log } from '../../trace/Log';
import type { Agent } from '../Agent';
import { AgentTimers } from './AgentTimers';
import type { Incidents } from './Incidents';
import type { StreamOwner } from './StreamSubscriber';

/**
 * What one life of an agent has of its host: a part of the scheduler and of the bus. The operators of the agent's
 * context work on it, so that what they arm and run ends with the life.
 */
export class AgentScope extends AgentTimers implements RunScope, StreamOwner {
  private liveBus: LiveBus | undefined;
  private busMoment: BusMoment = 'setup';

  constructor(
    private readonly owner: Agent,
    private readonly incidents: Incidents,
    private readonly onRunEnded: () => void,
  ) {
    super(owner.name, owner.host);
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

  // The ledger.

  enter(part: Part): Worker {
    const place = this.placeOf(part.result);
    this.ledger.parts.set(part, place.stream);
    if (this.isHalted && part.part === 'timer') part.halt();
    return place;
  }

  /** What is subscribed now belongs to the stream that it leads to, or else to whoever is at work. */
  private placeOf(result: object): Worker {
    const place = workerBehind(result, this);
    if (place !== undefined) return place;
    const { worker } = this.present;
    if (worker?.owner === this) return worker;
    return { owner: this, stream: this.owner.state === 'setup' ? '(setup)' : '(by hand)' };
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

  struggles(part: RunnerPart, reason: string): void {
    this.incidents.handlerStruggles(part, reason);
  }

  recovered(part: RunnerPart): void {
    this.incidents.recovered(part);
  }

  protected override taskFailed(error: unknown): void {
    this.incidents.taskFailed(error);
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
}
