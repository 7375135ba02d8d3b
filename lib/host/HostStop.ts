import type { Subscription } from 'rxjs';
import type { AgentError } from '../AgentError';
import type { StopReport } from '../agent/AgentHandle';
import type { Scheduler } from '../time/queue/Scheduler';
import type { HostStopReport } from './Host';
import { busNotClosed } from './hostErrors';
import { type HostEffect, type HostEvent, hostStep, type HostState, RUNNING } from './shutdown';
import { type Stoppable, stopInOrder } from './order/stopInOrder';

/** One that can be made to wait for nothing. */
export interface Hurried extends Stoppable {
  hurry(): void;
}

/** What the clock says to its last cancelled wake-up is told, too: that comes in a microtask. */
const SOON = Promise.resolve();

/** The host that is stopped. */
export interface StoppedHost {
  /** Who runs now, the last started first. */
  running(): readonly Hurried[];
  /** Ends what the host itself has in use; it does not throw. */
  release(): void;
  /** Leaves the bus; it never rejects. */
  closeBus(): Promise<void>;
  report(error: AgentError): void;
  /** It is the end for all readers. */
  complete(): void;
}

/** The one stop of a host: it goes by the table in {@link hostStep}, and ends by its deadline. */
export class HostStop {
  private state: HostState = RUNNING;
  private agents: readonly Hurried[] = [];
  private reports: readonly StopReport[] = [];
  private deadline: Subscription | undefined;
  private promise: Promise<HostStopReport> | undefined;
  private resolve: (report: HostStopReport) => void = () => undefined;

  constructor(
    private readonly host: StoppedHost,
    private readonly scheduler: Scheduler,
    private readonly timeout: number,
  ) {}

  get hasBegun(): boolean {
    return this.state.stage !== 'running';
  }

  /** All calls are one stop. */
  begin(): Promise<HostStopReport> {
    if (this.promise === undefined) {
      // It is there before the first agent hears of it, since that one may stop the host, too.
      this.promise = new Promise((resolve) => {
        this.resolve = resolve;
      });
      this.send('stop');
    }
    return this.promise;
  }

  private send(event: HostEvent): void {
    const [state, effects] = hostStep(this.state, event);
    this.state = state;
    for (const effect of effects) this.perform(effect);
  }

  private perform(effect: HostEffect): void {
    const { host } = this;
    switch (effect) {
      case 'arm deadline':
        this.arm(this.timeout);
        return;
      case 'stop agents':
        this.agents = host.running();
        stopInOrder(this.agents, (reports) => {
          this.reports = reports;
          this.send('agents-stopped');
        });
        return;
      case 'hurry agents':
        for (const agent of this.agents) agent.hurry();
        return;
      case 'release':
        host.release();
        return;
      case 'close bus':
        void host.closeBus().then(() => {
          this.send('bus-closed');
        });
        return;
      case 'arm last instant':
        this.arm(0);
        return;
      case 'tell of bus':
        host.report(busNotClosed(this.timeout));
        return;
      case 'settle':
        this.deadline?.unsubscribe();
        void SOON.then(() => {
          this.settle();
        });
        return;
    }
  }

  private settle(): void {
    const { host, reports } = this;
    host.complete();
    this.resolve({ agents: reports, left: reports.flatMap(({ left }) => left) });
  }

  private arm(delay: number): void {
    this.deadline = this.scheduler.schedule(() => {
      this.send('deadline');
    }, delay);
  }
}
