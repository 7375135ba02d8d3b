import { AgentError } from '../../AgentError';
import type { BusMessage } from '../../messages/bus/Bus';
import { InMemoryBus, type MemoryBus } from '../../messages/memory/InMemoryBus';
import type { Payload } from '../../messages/payloads/Payload';
import type { Draws } from './Draws';
import { HostLink, type Roads } from './HostLink';
import { NetworkNode } from './NetworkNode';
import type { Qualities } from './options';
import { Road } from './Road';

/** Several hosts, and what is between them. */
export interface SimulatedNetwork {
  /** The bus of a host, by its name: for `createHost({ bus })`. The same name gives the same bus. */
  bus(host: string): MemoryBus;
  /**
   * Cuts the roads between hosts, both ways: those of one list from those of the other, or from all others. What is
   * under way there is lost, and nobody is told: `bus.status$` says connected, and calls are not answered.
   *
   * @throws AgentError `bad-option` for a host that is not there
   */
  partition(some: string | readonly string[], others?: string | readonly string[]): void;
  /** Opens all roads again. */
  heal(): void;
}

/** The hosts by name, the roads between them, and what is retained by any of them. */
export class HostNetwork implements SimulatedNetwork, Roads {
  private readonly nodes = new Map<string, NetworkNode>();
  private readonly roads = new Map<NetworkNode, Map<NetworkNode, Road>>();
  private readonly cuts = new Set<string>();
  private readonly retained = new Map<string, BusMessage>();

  constructor(
    private readonly qualities: Qualities,
    private readonly draws: Draws,
  ) {}

  bus(host: string): MemoryBus {
    return (this.nodes.get(host) ?? this.join(host, new InMemoryBus())).bus;
  }

  /** Connects a bus with those of other hosts. */
  join(host: string, bus: InMemoryBus): NetworkNode {
    const node = new NetworkNode(host, bus, () => this.retained.values());
    bus.uplink = new HostLink(node, this);
    this.nodes.set(host, node);
    return node;
  }

  partition(some: string | readonly string[], others?: string | readonly string[]): void {
    const here = this.named(some);
    const there =
      others === undefined
        ? [...this.nodes.keys()].filter((name) => !here.includes(name))
        : this.named(others);
    for (const one of here) for (const other of there) this.cuts.add(pairOf(one, other));
  }

  heal(): void {
    this.cuts.clear();
    for (const node of this.nodes.values()) if (node.isThere) node.learn();
  }

  others(node: NetworkNode): readonly NetworkNode[] {
    return [...this.nodes.values()].filter((other) => other !== node && other.isThere);
  }

  road(from: NetworkNode, to: NetworkNode): Road {
    let roads = this.roads.get(from);
    if (roads === undefined) this.roads.set(from, (roads = new Map<NetworkNode, Road>()));
    let road = roads.get(to);
    if (road === undefined) {
      const isOpen = (): boolean => !this.isCut(from, to);
      road = new Road(`${from.name} to ${to.name}`, this.qualities, this.draws, isOpen);
      roads.set(to, road);
    }
    return road;
  }

  isCut(from: NetworkNode, to: NetworkNode): boolean {
    return this.cuts.has(pairOf(from.name, to.name));
  }

  retain(topic: string, payload: Payload): void {
    this.retained.delete(topic);
    this.retained.set(topic, { topic, payload });
  }

  pick(servers: readonly NetworkNode[], procedure: string): NetworkNode | undefined {
    const { length } = servers;
    return servers[
      length === 1 ? 0 : this.draws.span(0, length - 1, `the call of ${procedure} goes to another host, and`)
    ];
  }

  private named(given: string | readonly string[]): readonly string[] {
    const names = typeof given === 'string' ? [given] : given;
    const unknown = names.find((name) => !this.nodes.has(name));
    if (unknown === undefined) return names;
    const message = `partition: there is no host '${unknown}' on the network; there are ${[...this.nodes.keys()].join(', ')}.`;
    throw new AgentError('bad-option', message);
  }
}

function pairOf(one: string, other: string): string {
  return [one, other].sort().join('\n');
}
