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

/** A topic that has been asked for, with those who want it. */
interface Known<T> {
  readonly topic: string;
  readonly targets: readonly T[];
  /** Where it stands in the table. */
  readonly place: number;
}

/** Where a topic stood in the table of the router that was asked last. It may be wrong: the router looks. */
export interface RouteHint {
  place: number;
}

/**
 * Finds who wants a topic, in the order in which they came: a tree of the segments of their filters, and before
 * it a cache of whole topics. Both to add and to remove cost what a filter has segments, however many there are.
 */
export class Router<T> {
  private readonly root = new Node<T>(undefined, '');
  private readonly known = new Map<string, Known<T>>();
  private readonly table: Known<T>[] = [];
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
    this.forget();
    return () => {
      if (!node.routes.delete(route)) return;
      node.prune();
      this.forget();
    };
  }

  /**
   * Those who want a topic now; what it gives is never changed.
   *
   * @param hint is put right; an address that is used again has one, and it halves the search: see the rows `topic routing`
   */
  find(topic: string, hint?: RouteHint): readonly T[] {
    const { table } = this;
    const hinted = hint && table[hint.place];
    if (hinted?.topic === topic) return hinted.targets;
    const known = this.known.get(topic) ?? this.look(topic);
    if (hint !== undefined) hint.place = known.place;
    return known.targets;
  }

  /** Looks a topic up in the tree. */
  private look(topic: string): Known<T> {
    const routes: Route<T>[] = [];
    collect(this.root, topic.split('/'), 0, routes);
    const targets = routes.sort((a, b) => a.order - b.order).map(({ target }) => target);
    if (this.table.length === MOST_KEPT) this.forget();
    const known = { topic, targets, place: this.table.length };
    this.known.set(topic, known);
    this.table.push(known);
    return known;
  }

  private forget(): void {
    this.known.clear();
    this.table.length = 0;
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
