import type { Json } from '../../store/Json';
import { type Headers } from '../wire/head';
import { fromText, type PartHead, readHead } from './records';

/** The entries of a host, by the messages of its log. */
export class Replay {
  entries = new Map<string, Json>();
  /** How many bytes all entries took when they were last written at once, and how many were written since. */
  allBytes = 0;
  bytesSince = 0;
  private parts: Uint8Array[] = [];
  private head: PartHead | undefined;

  take(headers: Headers | undefined, data: Uint8Array): void {
    const head = headers && readHead(headers);
    if (head === undefined) return;
    const { head: before, parts } = this;
    if (head.part === 1) this.parts = [data];
    else if (before !== undefined && isNext(before, head)) parts.push(data);
    // What came before was broken off; of this one the beginning is lacking.
    else this.parts = [];
    this.head = this.parts.length === 0 ? undefined : head;
    this.bytesSince += data.length;
    if (this.head !== undefined && head.part === head.parts) this.apply(head);
  }

  private apply({ kind }: PartHead): void {
    const { parts } = this;
    this.parts = [];
    this.head = undefined;
    if (kind === 'open') return;
    const whole = Buffer.concat(parts);
    if (kind === 'all') {
      this.entries = new Map();
      this.allBytes = whole.length;
      this.bytesSince = 0;
    }
    for (const [key, value] of fromText(whole.toString('utf8')))
      if (value === undefined) this.entries.delete(key);
      else this.entries.set(key, value);
  }
}

function isNext(before: PartHead, { writer, record, part }: PartHead): boolean {
  return before.writer.id === writer.id && before.record === record && before.part + 1 === part;
}
