import type { Json } from '../../store/Json';
import type { Change } from '../../store/Store';
import { type Headers, headerLine } from '../wire/head';

// What a host's log is made of. A record is one batch, or all entries at once, or says that somebody has opened it; it
// is cut into as many messages as it takes, and counts when the last of them is there.

/** Who has written a record: the number of the session among all that there were, and an id that no other has. */
export interface Writer {
  /** The fencing number: it only grows. */
  readonly number: number;
  readonly id: string;
  /** The number of the lease under which the log is written; 0 for none. */
  readonly fence: number;
}

export type RecordKind = 'open' | 'batch' | 'all';

/** One message of a record. */
export interface PartHead {
  readonly writer: Writer;
  readonly kind: RecordKind;
  /** Which one of its writer's. */
  readonly record: number;
  readonly part: number;
  readonly parts: number;
}

const SESSION = 'Rx-Session';
const RECORD = 'Rx-Record';
const PART = 'Rx-Part';
const KIND = 'Rx-Kind';

export function toLines({ writer, kind, record, part, parts }: PartHead): string {
  const session = headerLine(SESSION, `${writer.number} ${writer.id} ${writer.fence}`);
  return `${session}${headerLine(KIND, kind)}${headerLine(RECORD, String(record))}${headerLine(PART, `${part}/${parts}`)}`;
}

/** Reads what {@link toLines} has written; undefined if it is something else. */
export function readHead(headers: Headers): PartHead | undefined {
  const [number, id = '', fence] = headers.get(SESSION).split(' ');
  const [part, parts] = headers.get(PART).split('/').map(Number);
  const record = Number(headers.get(RECORD));
  const kind = headers.get(KIND) as RecordKind;
  if (id === '' || part === undefined || parts === undefined || !(record >= 0)) return undefined;
  return { writer: { number: Number(number), id, fence: Number(fence ?? 0) }, kind, record, part, parts };
}

/** A list of `[key, value]`, or of `[key]` where it is removed. */
export function toText(changes: Iterable<Change>): string {
  const texts: string[] = [];
  for (const [key, value] of changes) texts.push(JSON.stringify(value === undefined ? [key] : [key, value]));
  return `[${texts.join(',')}]`;
}

export function fromText(text: string): Change[] {
  const list = JSON.parse(text) as [string, Json?][];
  return list.map(([key, value]) => [key, value]);
}
