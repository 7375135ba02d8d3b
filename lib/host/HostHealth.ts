import type { Health } from '../agent/AgentHandle';
import type { HealthWatcher } from '../agent/health/HealthKeeper';
import { HealthState } from '../agent/health/HealthState';

/**
 * Keeps the health of a host by that of its agents: it is bad while one of them is, or has failed for good and has
 * not been started anew; it is starting while one of them is, and before any has been ready.
 */
export class HostHealth extends HealthState implements HealthWatcher {
  /** Who is bad, and why; who has been so for the longest time first. */
  private readonly bad = new Map<string, string>();
  private starting = 0;
  private hasBeenReady = false;

  healthChanged(agent: string, before: Health['status'] | undefined, { status, reason }: Health): void {
    if (before === 'starting') this.starting--;
    if (status === 'starting') this.starting++;
    if (status === 'good') this.hasBeenReady = true;
    if (status === 'bad') this.bad.set(agent, `${agent}: ${reason ?? ''}`);
    else if (status === 'stopped' && reason !== undefined)
      this.bad.set(agent, `${agent} has failed: ${reason}`);
    else if (status !== 'starting') this.bad.delete(agent);
    this.judge();
  }

  /** An agent could not be started: that is told to the one who has started it. */
  forget(agent: string): void {
    if (this.bad.delete(agent)) this.judge();
  }

  protected override changed(): void {
    // Nobody is above a host.
  }

  private judge(): void {
    const [reason] = this.bad.values();
    if (reason !== undefined) this.change('bad', reason);
    else this.change(this.starting > 0 || !this.hasBeenReady ? 'starting' : 'good', undefined);
  }
}
