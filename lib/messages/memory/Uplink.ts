import type { Reply } from '../bus/Bus';
import type { Payload } from '../payloads/Payload';

/** What lies beyond a bus in memory: the buses of other hosts. */
export interface Uplink {
  published(topic: string, payload: Payload, retain: boolean): void;
  /** Asks another host, and gives the way to call that off; undefined if none serves the procedure. */
  request(procedure: string, payload: Payload, answer: (reply: Reply) => void): (() => void) | undefined;
  /** The bus has lost its connection. */
  dropped(): void;
}
