import { Router } from '../topics/Router';
import type { Listener } from './Parcel';

/** What hosts of a group have in common: a filter, of whose messages each is for one of them. */
export function shareOf(group: string, filter: string): string {
  return `${group} ${filter}`;
}

/** The listeners of one host that share their messages with those of others, by what they share. */
export class SharedListeners {
  private readonly shares = new Router<string>();
  private readonly listeners = new Map<string, readonly Listener[]>();
  /** The ways to forget what nobody here shares any more. */
  private readonly ways = new Map<string, () => void>();

  /** Gives the way to remove it. */
  add(group: string, filter: string, listener: Listener): () => void {
    const { listeners, ways } = this;
    const share = shareOf(group, filter);
    if (!ways.has(share)) ways.set(share, this.shares.add(filter, share));
    listeners.set(share, [...this.of(share), listener]);
    return () => {
      const left = this.of(share).filter((other) => other !== listener);
      listeners.set(share, left);
      if (left.length > 0) return;
      listeners.delete(share);
      ways.get(share)?.();
      ways.delete(share);
    };
  }

  /** What is shared of a topic here. */
  sharesOf(topic: string): readonly string[] {
    return this.listeners.size === 0 ? [] : this.shares.find(topic);
  }

  of(share: string): readonly Listener[] {
    return this.listeners.get(share) ?? [];
  }
}
