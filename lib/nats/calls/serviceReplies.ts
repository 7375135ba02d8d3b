import { QUEUE } from './protocol';

// What a micro service of NATS says of itself, so that its tools find the procedures of a host.

/** What is told of one procedure. */
export interface EndpointStats {
  readonly procedure: string;
  readonly subject: string;
  readonly requests: number;
  readonly errors: number;
  readonly lastError: string;
  /** How long its calls have taken in all, in ms. */
  readonly processing: number;
}

export interface Service {
  /** Letters, digits, `-` and `_`. */
  readonly name: string;
  readonly id: string;
  /** When it began, by the wall clock, in ms. */
  readonly started: number;
  readonly endpoints: Iterable<EndpointStats>;
}

export type Verb = 'PING' | 'INFO' | 'STATS';

export const VERBS: readonly Verb[] = ['PING', 'INFO', 'STATS'];

const NANOS = 1_000_000;
/** Services have to have a version; hosts have none. */
const VERSION = '0.0.0';

export function serviceReply(verb: Verb, { name, id, started, endpoints }: Service): string {
  const self = {
    name,
    id,
    version: VERSION,
    metadata: {},
    type: `io.nats.micro.v1.${verb.toLowerCase()}_response`,
  };
  switch (verb) {
    case 'PING':
      return JSON.stringify(self);
    case 'INFO':
      return JSON.stringify({
        ...self,
        description: 'a host of rx-agent-kit',
        endpoints: Array.from(endpoints, toInfo),
      });
    case 'STATS':
      return JSON.stringify({
        ...self,
        started: new Date(started).toISOString(),
        endpoints: Array.from(endpoints, toStats),
      });
  }
}

/** A name as services may have it. */
export function toServiceName(name: string): string {
  return name.replace(/[^\w-]/g, '_') || '_';
}

function toInfo({ procedure, subject }: EndpointStats): object {
  return { name: toServiceName(procedure), subject, queue_group: QUEUE, metadata: { procedure } };
}

function toStats({ procedure, subject, requests, errors, lastError, processing }: EndpointStats): object {
  return {
    name: toServiceName(procedure),
    subject,
    queue_group: QUEUE,
    num_requests: requests,
    num_errors: errors,
    last_error: lastError,
    processing_time: Math.round(processing * NANOS),
    average_processing_time: requests === 0 ? 0 : Math.round((processing / requests) * NANOS),
  };
}
