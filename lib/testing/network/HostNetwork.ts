import { AgentError } from '../../AgentError';
import type { BusMessage } from '../../messages/bus/Bus';
import { InMemoryBus, type MemoryBus } from '../../messages/memory/InMemoryBus';
import type { Leases } from '../../store/leases/Leases';
import { FINITE } from '../../time/queue/rank';
import type { Store } from '../../store/Store';
import type { Payload } from '../../messages/payloads/Payload';
import type { Draws } from './Draws';
import { HostLink, type Roads } from './HostLink';
import { NetworkLeases } from './NetworkLeases';
import { NetworkNode } from './NetworkNode';
import { NetworkStore } from './NetworkStore';
import type { Qualities } from './options';
import { Road } from './Road';
import { ServerLink } from './ServerLink';
import { NetworkTopics, type TopicRoads } from './topics/NetworkTopics';
import { SERVERS, type Servers } from './Servers';

/** Several hosts, and what is between them. */
export interface SimulatedNetwork {
  /** The bus of a host, by its name: for `createHost({ bus })`. The same name gives the same bus. */
  bus(host: string): MemoryBus;
  /** The leases on the servers, as that host has them: for `createHost({ leases })`, if the bus is another one. */
  leases(host: string): Leases;
  /** The store on the servers, as that host has it: for `createHost({ store })`. It is one for all hosts. */
  store(host: string): Store;
  /**
   * Cuts the roads between hosts, both ways: those of one list from those of the other, or from all others and from the
   * servers. `'servers'` in a list stands for where leases are, and what hosts have kept. What is under way on such a
   * road is lost, and nobody is told: `bus.status$` says connected, and calls are not answered. Gives the way to mend
   * these cuts, and no others.
   *
   * @throws AgentError `bad-option` for a host that is not there
   */
  partition(some: string | readonly string[], others?: string | readonly string[]): () => void;
  /** Opens all roads again. */
  heal(): void;
}

interface Named {
  readonly name: string;
}

/** The hosts by name, the roads between them, and what is retained by any of them. */
export class HostNetwork implements SimulatedNetwork, Roads, TopicRoads {
  private readonly nodes = new Map<string, NetworkNode>();
  private readonly links = new Map<string, ServerLink>();
  /** By the names of both ends. */
  private readonly roads = new Map<string, Road>();
  /** Each with the roads that it cuts, by both ends. */
  private readonly cuts = new Set<ReadonlySet<string>>();
  private readonly retained = new Map<string, BusMessage>();

  constructor(
    private readonly qualities: Qualities,
    readonly draws: Draws,
    private readonly servers: Servers,
  ) {}

  bus(host: string): MemoryBus {
    return (this.nodes.get(host) ?? this.join(host, new InMemoryBus())).bus;
  }

  /** Connects a bus with those of other hosts. */
  join(host: string, bus: InMemoryBus): NetworkNode {
    const node = new NetworkNode(host, bus, () => this.retained.values());
    bus.uplink = new HostLink(node, this);
    bus.leases = this.leases(host);
    bus.keeping = new NetworkTopics(host, bus, this.linkOf(host), this);
    this.nodes.set(host, node);
    return node;
  }

  leases(host: string): Leases {
    return new NetworkLeases(this.linkOf(host));
  }

  store(host: string): Store {
    return new NetworkStore(this.linkOf(host));
  }

  partition(some: string | readonly string[], others?: string | readonly string[]): () => void {
    const here = this.named(some);
    const there =
      others === undefined
        ? [...this.nodes.keys(), SERVERS].filter((name) => !here.includes(name))
        : this.named(others);
    const cut = new Set(here.flatMap((one) => there.map((other) => pairOf(one, other))));
    this.cuts.add(cut);
    return () => {
      if (this.cuts.delete(cut)) this.mended();
    };
  }

  heal(): void {
    this.cuts.clear();
    this.mended();
  }

  others(node: NetworkNode): readonly NetworkNode[] {
    return [...this.nodes.values()].filter((other) => other !== node && other.isThere);
  }

  road({ name: from }: Named, { name: to }: Named): Road {
    const name = `${from} to ${to}`;
    let road = this.roads.get(name);
    if (road === undefined) {
      const isOpen = (): boolean => !this.isCut({ name: from }, { name: to });
      this.roads.set(name, (road = new Road(name, this.qualities, this.draws, isOpen)));
    }
    return road;
  }

  isCut({ name: from }: Named, { name: to }: Named): boolean {
    if (this.cuts.size === 0) return false;
    const pair = pairOf(from, to);
    return [...this.cuts].some((cut) => cut.has(pair));
  }

  retain(topic: string, payload: Payload): void {
    this.retained.delete(topic);
    this.retained.set(topic, { topic, payload });
  }

  pick(nodes: readonly NetworkNode[], what: string): NetworkNode | undefined {
    const names = nodes.map(({ name }) => name);
    return nodes[this.draws.pick(names, what)];
  }

  sharesOf(topic: string): ReadonlyMap<string, readonly NetworkNode[]> {
    const shares = new Map<string, NetworkNode[]>();
    for (const node of this.nodes.values())
      for (const share of node.sharesOf(topic)) shares.set(share, [...(shares.get(share) ?? []), node]);
    return shares;
  }

  spreadKept(topic: string, payload: Payload): void {
    for (const node of this.nodes.values()) {
      if (!node.isThere) continue;
      const arrive = (): void => {
        node.arrive(topic, payload, false);
      };
      this.road(this.servers, node).message(topic, node, FINITE, arrive, () => undefined);
    }
    for (const [share, nodes] of this.sharesOf(topic)) {
      const one = this.pick(nodes, `the message on ${topic}`);
      const arrive = (): void => {
        one?.arriveShared(share, topic, payload);
      };
      if (one !== undefined)
        this.road(this.servers, one).message(topic, one, FINITE, arrive, () => undefined);
    }
  }

  /** Each host finds what is retained, as far as it has missed that. */
  private mended(): void {
    for (const node of this.nodes.values()) if (node.isThere) node.learn();
  }

  /** Whether a host cannot reach the servers. */
  isCutOff(host: string): boolean {
    return this.isCut({ name: host }, this.servers);
  }

  private linkOf(name: string): ServerLink {
    let link = this.links.get(name);
    if (link === undefined) {
      const { servers, qualities } = this;
      const host = { name };
      const isQuick = qualities.longest === 0 && qualities.loss === 0;
      link = new ServerLink(servers, {
        there: this.road(host, servers),
        back: this.road(servers, host),
        isAtOnce: () => isQuick && !this.isCut(host, servers),
      });
      this.links.set(name, link);
    }
    return link;
  }

  private named(given: string | readonly string[]): readonly string[] {
    const names = typeof given === 'string' ? [given] : given;
    const unknown = names.find((name) => name !== SERVERS && !this.nodes.has(name));
    if (unknown === undefined) return names;
    const message = `partition: there is no host '${unknown}' on the network; there are ${[...this.nodes.keys(), SERVERS].join(', ')}.`;
    throw new AgentError('bad-option', message);
  }
}

function pairOf(one: string, other: string): string {
  return [one, other].sort().join('\n');
}
