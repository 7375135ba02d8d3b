import type { Bus } from '../messages/bus/Bus';
import { checkOptions } from '../options/checkOptions';
import { BusOverNats } from './BusOverNats';
import { NATS_BUS, type NatsBusOptions } from './options';

/**
 * A bus over NATS, for hosts on several machines. Needs the package `@nats-io/transport-node`, and `@nats-io/jetstream`
 * and `@nats-io/kv` where something is retained or durable. It connects when the first agent starts; a connection that
 * is lost is sought again, with waits that grow and are spread at random.
 * ```ts
 * const host = createHost({ name: 'site-a', bus: natsBus({ servers: 'nats://broker:4222' }) });
 * ```
 * A topic `devices/b1/u7` is the subject `devices.b1.u7`, with its payload as JSON. What is published while the connection
 * is away is kept, up to `buffer` messages and 8 MiB, and is refused beyond that (`bus-disconnected`).
 *
 * Its `status$` fails with an AgentError when there is no connection to be had: `bus-failed` if nobody answers within
 * `connectTimeout` or the login is refused, `bus-unsupported` if the server is too old, `missing-package`.
 *
 * @throws AgentError `bad-option` or `bad-duration`
 */
export function natsBus(options: NatsBusOptions = {}): Bus {
  checkOptions('natsBus', NATS_BUS, options);
  return new BusOverNats(options);
}
