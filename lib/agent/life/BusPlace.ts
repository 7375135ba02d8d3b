import type { RunScope } from '../../handlers/run/RunScope';
import { BusSession } from '../../messages/bus/BusSession';
import type { HostBus } from '../../messages/bus/HostBus';
import type { BusMoment } from '../../messages/bus/Membership';
import type { OnThrow } from '../../trace/IsolatingObservable';

/** Where one life of an agent is on the bus. Its session is made when it is asked for. */
export class BusPlace {
  private made: BusSession | undefined;
  private moment: BusMoment = 'setup';

  constructor(
    private readonly scope: RunScope,
    private readonly bus: HostBus,
    private readonly onThrow: OnThrow,
    /** With whom it shares its messages; undefined for one that gets all of them. */
    private readonly group: string | undefined,
  ) {}

  get session(): BusSession {
    return (this.made ??= new BusSession(this.scope, this.bus, this.moment, this.onThrow, this.group));
  }

  /** Whether the agent has anything there. */
  get isTaken(): boolean {
    return this.made?.membership.isEmpty === false;
  }

  join(): void {
    this.moment = 'on';
    this.made?.membership.join();
  }

  /** The agent begins to stop. */
  halt(): void {
    this.made?.halt();
  }

  /** The process has ended. */
  vanish(): void {
    this.moment = 'gone';
    this.made?.vanish();
  }

  leave(): void {
    this.moment = 'finish';
    this.made?.membership.leave();
  }
}
