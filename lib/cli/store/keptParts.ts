import type { Json } from '../../store/Json';
import { type Kind, readKey } from '../../store/keys';

/** One entry under a durable name. */
export interface KeptEntry {
  readonly kind: Kind;
  readonly id: string;
  readonly key: string;
  readonly value: Json;
}

/** What is kept under one durable name of an agent; of its state it is `(state)`. Messages are those of `(bus)`. */
export interface KeptPart {
  readonly host: string;
  readonly agent: string;
  readonly name: string;
  readonly entries: readonly KeptEntry[];
}

/** Sorts the entries of a host by agent and durable name. What a host keeps for itself is left out. */
export function keptParts(host: string, entries: ReadonlyMap<string, Json>): KeptPart[] {
  const parts = new Map<string, KeptPart & { readonly entries: KeptEntry[] }>();
  for (const [key, value] of entries) {
    const read = readKey(key);
    if (read === undefined || read.agent === '') continue;
    const { agent, name, kind, id } = read;
    const at = JSON.stringify([agent, name]);
    let part = parts.get(at);
    if (part === undefined) parts.set(at, (part = { host, agent, name, entries: [] }));
    part.entries.push({ kind, id, key, value });
  }
  return [...parts.values()].map((part) => ({
    ...part,
    entries: part.entries.sort((one, other) => inOrder(one, other)),
  }));
}

const ORDER: readonly Kind[] = ['state', 'job', 'step', 'timer', 'message', 'dead', 'begun', 'taker'];

function inOrder(one: KeptEntry, other: KeptEntry): number {
  return (
    ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind) || Number.parseInt(one.id) - Number.parseInt(other.id)
  );
}
