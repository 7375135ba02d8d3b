import { ONE, REST } from './pattern';

/** So many topics are kept with those they go to. */
const MOST_KEPT = 10_000;

/** A node of the tree: what is one segment further, and who wants what ends here. */
class Node<T> {
  readonly next = new Map<string, Node<T>>();
  readonly routes = new Set<Route<T>>();

  constructor(
    readonly parent: Node<T> | undefined,
    readonly segment: string,
  ) {}

  /** Takes itself and all that is empty above it out of the tree. */
  prune(): void {
    if (this.parent === undefined || this.next.size > 0 || this.routes.size > 0) return;
    this.parent.next.delete(this.segment);
    this.parent.prune();
  }
}

interface Route<T> {
  readonly order: number;
  readonly target: T;
}

/**
 * Finds who wants a topic, in the order in which they came: a tree of the segments of their filters, and before
 * it a cache of whole topics. Both to add and to remove cost what a filter has segments, however many there are.
 */
export class Router<T> {
  private readonly root = new Node<T>(undefined, '');
  private readonly known = new Map<string, readonly T[]>();
  private added = 0;

  /** Adds a target and gives the way to remove it. */
  add(filter: string, target: T): () => void {
    const route = { order: this.added++, target };
    let node = this.root;
    for (const segment of filter.split('/')) {
      let next = node.next.get(segment);
      if (next === undefined) node.next.set(segment, (next = new Node(node, segment)));
      node = next;
    }
    node.routes.add(route);
    this.known.clear();
    return () => {
      if (!node.routes.delete(route)) return;
      node.prune();
      this.known.clear();
    };
  }

  /** Those who want a topic now; what it gives is never changed. */
  find(topic: string): readonly T[] {
    const known = this.known.get(topic);
    if (known !== undefined) return known;
    const routes: Route<T>[] = [];
    collect(this.root, topic.split('/'), 0, routes);
    const targets = routes.sort((a, b) => a.order - b.order).map(({ target }) => target);
    if (this.known.size === MOST_KEPT) this.known.clear();
    this.known.set(topic, targets);
    return targets;
  }
}

function collect<T>(node: Node<T>, segments: readonly string[], index: number, found: Route<T>[]): void {
  const rest = node.next.get(REST);
  if (rest !== undefined) addAll(found, rest.routes);
  const segment = segments[index];
  if (segment === undefined) {
    addAll(found, node.routes);
    return;
  }
  const same = node.next.get(segment);
  if (same !== undefined) collect(same, segments, index + 1, found);
  const one = node.next.get(ONE);
  if (one !== undefined) collect(one, segments, index + 1, found);
}

/** There may be more of them than a call takes arguments. */
function addAll<T>(found: Route<T>[], routes: Iterable<Route<T>>): void {
  for (const route of routes) found.push(route);
}
