import type { Subscription } from 'rxjs';
import type { AgentError } from '../../AgentError';
import { busNotConnected } from '../agentErrors';
import type { AgentHost } from '../AgentHost';

/** An agent's wait for the bus of its host, which may take a while to be connected. */
export class Joining {
  private readonly deadline: Subscription;
  private readonly cease: () => void;

  /** Calls one of the two, maybe at once. */
  constructor(
    { scheduler, bus }: AgentHost,
    agent: string,
    timeout: number,
    then: () => void,
    onError: (error: AgentError) => void,
  ) {
    this.deadline = scheduler.schedule(() => {
      this.cease();
      onError(busNotConnected(agent, timeout));
    }, timeout);
    this.cease = bus.whenConnected({
      connected: () => {
        this.deadline.unsubscribe();
        then();
      },
      failed: (error) => {
        this.deadline.unsubscribe();
        onError(error);
      },
    });
  }

  end(): void {
    this.deadline.unsubscribe();
    this.cease();
  }
}
