import { checkOptions } from '../../options/checkOptions';
import { seededRandom } from '../../time/spans/random';
import { memoryStore } from '../../store/memoryStore';
import { randomDraws } from './Draws';
import { NETWORK, type NetworkOptions, toQualities } from './options';
import { Servers } from './Servers';
import { HostNetwork, type SimulatedNetwork } from './HostNetwork';

/**
 * A network of several hosts in one process, on their clock: what goes from one to another takes its time, and may be
 * lost, doubled and out of order, the same for the same seed. Within a host all is as on a bus in memory. Beside the
 * hosts there are servers, with the leases of singletons and a store for all.
 * ```ts
 * const network = simulatedNetwork({ latency: '5ms..50ms', loss: 0.01, seed: 7 });
 * const a = createHost({ clock, bus: network.bus('a'), store: network.store('a') });
 * const b = createHost({ clock, bus: network.bus('b'), store: network.store('b') });
 * ```
 * In a marble test `host('b')` is such a host, and `network` is what is between them.
 *
 * @throws AgentError `bad-option` or `bad-duration`
 */
export function simulatedNetwork(options: NetworkOptions = {}): SimulatedNetwork {
  checkOptions('simulatedNetwork', NETWORK, options);
  const draws = randomDraws(seededRandom(options.seed ?? 1));
  return new HostNetwork(toQualities(options), draws, new Servers(memoryStore()));
}
