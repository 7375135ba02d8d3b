import { createHash } from 'node:crypto';
import type * as jetstream from '@nats-io/jetstream';
import type { ConsumerConfig, StreamConfig } from '@nats-io/jetstream';

// How durable topics, their takers and what is dead are laid out in JetStream.

const NANOS = 1_000_000;
/** How many messages one name has under way at most. */
export const MOST_UNDER_WAY = 256;

/** What of the client's module is asked for. */
export type JetStream = typeof jetstream;

/** One stream for each durable topic: a message is kept until all names have dealt with it that there are by then. */
export function topicStream(
  { RetentionPolicy, StorageType }: JetStream,
  prefix: string,
  subjects: readonly string[],
  replicas: number,
): Partial<StreamConfig> & { name: string } {
  return {
    name: `${prefix}-${nameOf(subjects.join(' '))}`,
    subjects: [...subjects],
    retention: RetentionPolicy.Interest,
    storage: StorageType.File,
    num_replicas: replicas,
  };
}

/** Who takes messages under a name. */
export function takerConfig(
  { AckPolicy, DeliverPolicy }: JetStream,
  name: string,
  filter: string | undefined,
  ackWait: number,
): Partial<ConsumerConfig> {
  return {
    durable_name: nameOf(name),
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: ackWait * NANOS,
    max_ack_pending: MOST_UNDER_WAY,
    // When it is dead is for the host to say: the server would leave it out without a word.
    max_deliver: -1,
    ...(filter !== undefined && { filter_subject: filter }),
  };
}

/** Where dead messages are kept: until somebody deletes them. */
export function deadStream(
  { RetentionPolicy, StorageType }: JetStream,
  prefix: string,
  replicas: number,
): Partial<StreamConfig> & { name: string } {
  return {
    name: `${prefix}-dead`,
    subjects: [deadSubject(prefix, '>')],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    num_replicas: replicas,
  };
}

export function deadSubject(prefix: string, subject: string): string {
  return `_rx.dead.${prefix}.${subject}`;
}

/** A name as streams and consumers may have it, and which is no other's. */
function nameOf(text: string): string {
  const plain = text.replace(/[^\w-]/g, '_');
  return plain === text
    ? plain
    : `${plain.slice(0, 100)}-${createHash('sha1').update(text).digest('hex').slice(0, 8)}`;
}
