import type { Reply } from '../../messages/bus/Bus';
import type { Uplink } from '../../messages/memory/Uplink';
import type { Payload } from '../../messages/payloads/Payload';
import type { NetworkNode } from './NetworkNode';
import type { Road } from './Road';

/** The network, as one host's part of it needs it. */
export interface Roads {
  /** The other hosts. */
  others(node: NetworkNode): readonly NetworkNode[];
  road(from: NetworkNode, to: NetworkNode): Road;
  isCut(from: NetworkNode, to: NetworkNode): boolean;
  retain(topic: string, payload: Payload): void;
  /** One of several that could all do it. @param what what is for that one, in words */
  pick(nodes: readonly NetworkNode[], what: string): NetworkNode | undefined;
  /** What hosts share of a topic, and with whom. */
  sharesOf(topic: string): ReadonlyMap<string, readonly NetworkNode[]>;
}

/** What goes from one host to others. */
export class HostLink implements Uplink {
  /** Fails the calls that are under way. */
  private readonly open = new Set<() => void>();

  constructor(
    private readonly node: NetworkNode,
    private readonly roads: Roads,
  ) {}

  published(topic: string, payload: Payload, retain: boolean): void {
    const { node, roads } = this;
    if (retain) roads.retain(topic, payload);
    const { rank } = node;
    for (const other of roads.others(node)) {
      // As a server does, it sends nothing to where nobody has asked for it.
      if (!retain && !other.hears(topic)) continue;
      const arrive = (): void => {
        other.arrive(topic, payload, retain);
      };
      // Who misses a message that is retained finds it all the same when he subscribes.
      const lost = (): void => {
        if (retain) other.learn();
      };
      roads.road(node, other).message(topic, other, rank, arrive, lost);
    }
    for (const [share, nodes] of roads.sharesOf(topic)) this.publishShared(share, nodes, topic, payload);
  }

  /** Of those who share it one gets it: one that can be reached, if any can. */
  private publishShared(share: string, nodes: readonly NetworkNode[], topic: string, payload: Payload): void {
    const { node, roads } = this;
    const reachable = nodes.filter((other) => !roads.isCut(node, other));
    const one = roads.pick(reachable.length > 0 ? reachable : nodes, `the message on ${topic}`);
    if (one === undefined) return;
    const arrive = (): void => {
      one.arriveShared(share, topic, payload);
    };
    if (one === node) arrive();
    else roads.road(node, one).message(topic, one, node.rank, arrive, () => undefined);
  }

  request(procedure: string, payload: Payload, onAnswer: (reply: Reply) => void): (() => void) | undefined {
    const { node, roads, open } = this;
    const servers = roads.others(node).filter((other) => other.serves(procedure));
    if (servers.length === 0) return undefined;
    // Whom it cannot reach is not asked, unless there is nobody else: that call is lost.
    const reachable = servers.filter((other) => !roads.isCut(node, other));
    const server = roads.pick(reachable.length > 0 ? reachable : servers, `the call of ${procedure}`);
    if (server === undefined) return undefined;
    const { rank } = node;
    const [there, back] = [roads.road(node, server), roads.road(server, node)];
    let callOffThere: (() => void) | undefined;
    let isOver = false;
    const end = (reply: Reply): void => {
      if (!open.delete(fail)) return;
      onAnswer(reply);
    };
    const fail = (): void => {
      end({ isOk: false, code: 'bus-disconnected', message: 'the bus has lost its connection' });
    };
    open.add(fail);
    there.call(`the call of ${procedure}`, server, rank, () => {
      if (isOver) return;
      callOffThere = server.answer(procedure, payload, (reply) => {
        back.call(`the answer of ${procedure}`, node, rank, () => {
          end(reply);
        });
      });
    });
    return () => {
      if (!open.delete(fail)) return;
      there.call(`the end of the call of ${procedure}`, server, rank, () => {
        isOver = true;
        callOffThere?.();
      });
    };
  }

  dropped(): void {
    for (const fail of [...this.open]) fail();
  }
}
