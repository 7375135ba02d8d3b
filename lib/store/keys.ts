import { badOption } from '../options/checkOptions';

/** What an entry is of. */
export type Kind =
  'seq' | 'alive' | 'state' | 'timer' | 'begun' | 'job' | 'step' | 'dead' | 'message' | 'taker';

/** Whose messages of durable topics are, which no one agent has to itself. */
export const BUS = '(bus)';

/** Where an entry stands, beside its host. */
export interface EntryKey {
  readonly agent: string;
  readonly kind: Kind;
  /** The durable name. */
  readonly name: string;
  readonly id: string;
}

/** How long each part of a key may be, written: four of them have to fit into what stores take for a key. */
const LONGEST_PART = 400;

/** What the keys of one durable part begin with: each part of a key is printable, and has no slash in it. */
export function keyPrefix(agent: string, kind: Kind, name: string): string {
  return `${encode(agent)}/${kind}/${encode(name)}/`;
}

/** Reads a key, or gives undefined for one that this kit has not written. */
export function readKey(key: string): EntryKey | undefined {
  const [agent, kind, name, id, ...rest] = key.split('/');
  if (agent === undefined || kind === undefined || name === undefined || id === undefined) return undefined;
  return { agent: decode(agent), kind: kind as Kind, name: decode(name), id: [id, ...rest].join('/') };
}

/** @throws AgentError `bad-option` for a text that is too long to be part of a key */
export function checkKeyPart(owner: string, option: string, text: string): void {
  if (text === '' || encode(text).length > LONGEST_PART)
    throw badOption(owner, option, text, `has to have between one character and ${LONGEST_PART}`);
}

/** No slash is in it, and no `!`. Half of a pair, which cannot be written as it is, is written by its number. */
export function encode(text: string): string {
  return encodeURIComponent(
    text.replace(/\p{Surrogate}/gu, (half) => `\uFFFD${half.charCodeAt(0).toString(16)}`),
  ).replaceAll('!', '%21');
}

export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
