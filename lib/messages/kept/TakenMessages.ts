import { AgentError } from '../../AgentError';
import { useHolds } from '../../handlers/policies/Hold';
import type { KeptMessage } from '../bus/Bus';
import { Delivery } from '../bus/Delivery';
import { MessageFromAfar } from '../bus/MessageFromAfar';
import type { HostTopics } from './HostTopics';

/** What one agent takes of durable topics, until it begins to stop. */
export class TakenMessages {
  private readonly ways = new Set<() => void>();

  constructor(
    private readonly agent: string,
    private readonly topics: HostTopics,
  ) {}

  /** Takes messages under a name, and gives the way to end it. */
  take(filter: string, of: string, name: string, taker: (message: KeptMessage) => void): () => void {
    const { ways, agent } = this;
    const close = this.topics.keeping.take(filter, of, name, { agent, take: taker });
    const end = (): void => {
      if (ways.delete(end)) close();
    };
    ways.add(end);
    return end;
  }

  /** The agent begins to stop: what it has not got yet is for its next life, or for others. */
  halt(): void {
    for (const end of [...this.ways]) end();
  }

  /**
   * A message is given to those who handle it: it is done with when they are, and what is durable is kept.
   *
   * @param received the message as it is read; undefined if it does not fit
   */
  deliver<M>(message: KeptMessage, received: M | undefined, give: (received: M) => void): void {
    if (!(received instanceof MessageFromAfar)) {
      message.fail(
        message.unreadable ?? new AgentError('bad-message', `${message.topic}: it does not fit its schema`),
      );
      return;
    }
    useHolds();
    const { agent, topics } = this;
    const delivery = new Delivery(message);
    give(received.heldBy(delivery));
    // What durable handlers have taken of it is in the batch of this turn.
    if (message.settlesWithTurn === true && topics.isHomeOf(agent)) delivery.done();
    else
      topics.keptOf(agent).then(
        () => {
          delivery.done();
        },
        (error: unknown) => {
          delivery.failed(error);
        },
      );
  }
}
