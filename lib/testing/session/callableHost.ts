import type { Host } from '../../host/Host';
import type { TestHosts } from './TestHosts';

/** The first host, which gives another one when it is called. */
export function callableHost(hosts: TestHosts): Host & ((name: string) => Host) {
  const { first } = hosts;
  const bound = new Map<unknown, unknown>();
  const get = (_target: unknown, key: PropertyKey): unknown => {
    const value: unknown = Reflect.get(first, key, first);
    if (typeof value !== 'function') return value;
    let method = bound.get(value);
    if (method === undefined) bound.set(value, (method = value.bind(first)));
    return method;
  };
  const other = (name: string): Host => hosts.of(name);
  return new Proxy(other, { get, has: (_target, key) => key in first }) as Host & typeof other;
}
