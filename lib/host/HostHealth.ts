import type { Observable } from 'rxjs';
import type { Health } from '../agent/AgentHandle';
import type { HealthWatcher } from '../agent/health/HealthMonitor';
import { HealthState } from '../agent/health/HealthState';
import type { OnThrow } from '../trace/IsolatingObservable';

/** Why an agent is bad now, and why the last one of its name has failed for good. */
interface Complaint {
  now?: string | undefined;
  before?: string | undefined;
}

/**
 * Keeps the health of a host by that of its agents: it is bad while one of them is, or has failed for good and has
 * not been started anew; it is starting while one of them is, and before any has been ready.
 */
export class HostHealth implements HealthWatcher {
  private readonly state: HealthState;
  /** Who is bad, and why; who has been so for the longest time first. */
  private readonly bad = new Map<string, Complaint>();
  private starting = 0;
  private hasBeenReady = false;

  constructor(clock: { now(): number }, onThrow: OnThrow) {
    this.state = new HealthState(clock, onThrow);
  }

  get current(): Health {
    return this.state.current;
  }

  get $(): Observable<Health> {
    return this.state.$;
  }

  healthChanged(agent: string, before: Health['status'] | undefined, { status, reason }: Health): void {
    if (before === 'starting') this.starting--;
    if (status === 'starting') this.starting++;
    else if (status === 'good') {
      this.hasBeenReady = true;
      this.bad.delete(agent);
    } else if (status === 'bad') this.complain(agent, { now: `${agent}: ${reason ?? ''}` });
    this.judge();
  }

  /**
   * An agent is gone. One that could not be started leaves everything as it was: that is told to the one who has
   * started it.
   *
   * @param reason why it has failed, if it has
   */
  left(agent: string, hasLived: boolean, reason: string | undefined): void {
    if (!hasLived) this.complain(agent, { now: undefined });
    else if (reason === undefined) this.bad.delete(agent);
    else this.complain(agent, { now: undefined, before: `${agent} has failed: ${reason}` });
    this.judge();
  }

  stopped(): void {
    this.state.stopped();
  }

  private complain(agent: string, change: Complaint): void {
    const complaint = { ...this.bad.get(agent), ...change };
    if ((complaint.now ?? complaint.before) === undefined) this.bad.delete(agent);
    else this.bad.set(agent, complaint);
  }

  private judge(): void {
    const [first] = this.bad.values();
    const reason = first?.now ?? first?.before;
    if (reason !== undefined) this.state.change('bad', reason);
    else this.state.change(this.starting > 0 || !this.hasBeenReady ? 'starting' : 'good', undefined);
  }
}
