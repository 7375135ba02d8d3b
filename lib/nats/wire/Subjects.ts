import { AgentError } from '../../AgentError';

/** The server closes the connection of whoever sends a longer line than 4096 bytes; the rest is for what stands around it. */
const LONGEST = 2048;
/** So many topics are kept with their subjects, and the other way round. */
const MOST_KEPT = 10_000;

/** What a token cannot have, and `=` where it would be read as an escape. */
// eslint-disable-next-line no-control-regex -- they are what is meant
const FORBIDDEN = /[\s\u0000-\u001f\u007f.*>]|=(?=[0-9A-F]{2})/gu;
/** What a key of a bucket cannot have; wildcards stay. */
const NOT_IN_KEYS = /[^-/=.*>\w]/gu;
const ESCAPES = /(?:=[0-9A-F]{2})+/g;
/** First tokens that are the server's, the clients' or the kit's own. */
const RESERVED = /^(?:\$|_INBOX(?=\.|$)|_rx(?=\.|$))/;

const utf8 = new TextEncoder();
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Topics as NATS has them: a segment is a token, `+` is `*`, and `*` at the end is `>`. What NATS forbids in a token
 * is written as `=` and two hexadecimal digits for each byte: `v1.2` is `v1=2E2`.
 */
export class Subjects {
  private readonly subjects = new Map<string, string>();
  private readonly topics = new Map<string, string>();
  private readonly root: string;

  /** @param prefix what stands before all of them, if anything: tokens between dots */
  constructor(prefix?: string) {
    this.root = prefix === undefined ? '' : `${prefix}.`;
  }

  /** @throws AgentError `bad-topic` if it is too long */
  of(topic: string): string {
    return remembered(this.subjects, topic, () => {
      const subject = this.root + topic.split('/').map(this.toToken).join('.');
      if (utf8.encode(subject).length <= LONGEST) return subject;
      const message = `${topic.slice(0, 60)}… is ${topic.length} characters long: as a subject of NATS it has more than ${LONGEST} bytes. Put what is long into the payload.`;
      throw new AgentError('bad-topic', message);
    });
  }

  /** The subjects that a filter stands for: two, if it ends in `*`, since that may be nothing. */
  matching(filter: string): readonly string[] {
    const segments = filter.split('/');
    if (segments.at(-1) !== '*') return [this.of(filter)];
    const before = segments.slice(0, -1).join('/');
    return before === '' ? [`${this.root}>`] : [this.of(before), `${this.of(before)}.>`];
  }

  /** The topic that a subject stands for; undefined if it is none. */
  topicOf(subject: string): string | undefined {
    if (!subject.startsWith(this.root)) return undefined;
    const own = subject.slice(this.root.length);
    if (this.root === '' && RESERVED.test(own)) return undefined;
    return remembered(this.topics, own, () => own.split('.').map(fromToken).join('/'));
  }

  private readonly toToken = (segment: string, index: number): string => {
    if (segment === '+') return '*';
    if (segment === '') return '=';
    if (segment === '=') return '=3D';
    const token = segment.replace(FORBIDDEN, escaped);
    return index === 0 && this.root === '' && RESERVED.test(token)
      ? escaped(token.charAt(0)) + token.slice(1)
      : token;
  };
}

/** A subject, as a key of a bucket has it. */
export function toKey(subject: string): string {
  return subject.replace(NOT_IN_KEYS, escaped);
}

/** A prefix, as the name of a stream has it. */
export function toName(prefix: string): string {
  return prefix.replace(/[^-=\w]/g, escaped);
}

/** A text, as the name of a bucket has it, in which no other sign is allowed: no two texts have the same. */
export function toBucket(text: string): string {
  return text.replace(/[^-A-Za-z\d]/g, escaped).replaceAll('=', '_');
}

function fromToken(token: string): string {
  if (token === '=') return '';
  return token.includes('=') ? token.replace(ESCAPES, unescaped) : token;
}

function escaped(character: string): string {
  return Array.from(
    utf8.encode(character),
    (byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`,
  ).join('');
}

/** Somebody else's `=FF` is no escape of ours, and is left as it is. */
function unescaped(escapes: string): string {
  const bytes = escapes
    .slice(1)
    .split('=')
    .map((digits) => parseInt(digits, 16));
  try {
    return strict.decode(Uint8Array.from(bytes));
  } catch {
    return escapes;
  }
}

function remembered(known: Map<string, string>, key: string, make: () => string): string {
  const value = known.get(key);
  if (value !== undefined) return value;
  const made = make();
  if (known.size === MOST_KEPT) known.clear();
  known.set(key, made);
  return made;
}
