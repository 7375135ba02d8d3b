import { AgentError } from '../../AgentError';
import { textOf } from '../../readError';

/** The parameters that a pattern names; the rest of a topic that `*` stands for goes by that name. */
export type PatternParams<Pattern extends string> = string extends Pattern
  ? Readonly<Record<string, string>>
  : Readonly<Record<NamesIn<Pattern>, string>>;

type NamesIn<Pattern extends string> = Pattern extends `${infer Segment}/${infer Rest}`
  ? NameOf<Segment> | NamesIn<Rest>
  : NameOf<Pattern>;

type NameOf<Segment extends string> = Segment extends `:${infer Name}`
  ? Name
  : Segment extends '*'
    ? '*'
    : never;

/** How filters are written on the bus: one segment, whatever it is; and whatever follows, or nothing. */
export const ONE = '+';
export const REST = '*';

/** Neither white space nor control characters, nor what separates segments or stands for some. */
// eslint-disable-next-line no-control-regex -- they are what is meant
const SEGMENT = /^[^\s\u0000-\u001f\u007f/+*]+$/;
const NAME = /^[A-Za-z_]\w*$/;

/** One segment of a pattern: a text, or the name of a parameter. */
type Segment = { readonly text: string } | { readonly name: string };

/** A pattern of topics, read and checked. */
export class Pattern {
  private readonly segments: readonly Segment[];
  readonly names: readonly string[];

  /** @throws AgentError `bad-topic` */
  constructor(readonly source: string) {
    if (typeof source !== 'string') throw badPattern(source, 'it has to be a string');
    const parts = source.split('/');
    this.segments = parts.map((part, index) => this.read(part, index === parts.length - 1));
    this.names = this.segments.flatMap((segment) => ('name' in segment ? segment.name : []));
    const twice = this.names.find((name, index) => this.names.indexOf(name) !== index);
    if (twice !== undefined) throw badPattern(source, `:${twice} stands in it twice`);
  }

  /**
   * Fills parameters in, and leaves wildcards where there are none.
   *
   * @throws AgentError `bad-topic`
   */
  fill(params: Readonly<Record<string, string | undefined>>): string {
    for (const [name, value] of Object.entries(params)) {
      if (!this.names.includes(name)) throw this.badParam(name, `there is none of that name`);
      if (value !== undefined) this.checkValue(name, value);
    }
    const filled: string[] = [];
    for (const segment of this.segments) {
      if ('text' in segment) filled.push(segment.text);
      else {
        const value = params[segment.name] ?? (segment.name === REST ? REST : ONE);
        // The rest of a topic may be nothing at all.
        if (value !== '') filled.push(value);
      }
    }
    if (filled.length === 0)
      throw this.badParam(REST, 'it cannot be empty here, since nothing would be left');
    return filled.join('/');
  }

  /** The parameters of a topic that fits. */
  paramsOf(topic: string): Readonly<Record<string, string>> {
    const parts = topic.split('/');
    const params: Record<string, string> = {};
    for (const [index, segment] of this.segments.entries()) {
      if ('name' in segment)
        params[segment.name] = segment.name === REST ? parts.slice(index).join('/') : (parts[index] ?? '');
    }
    return Object.freeze(params);
  }

  private read(part: string, isLast: boolean): Segment {
    const { source } = this;
    if (part === REST) {
      if (!isLast)
        throw badPattern(source, `* stands for the rest of a topic, so it has to be the last segment`);
      return { name: REST };
    }
    if (part === '') throw badPattern(source, 'a segment is empty');
    if (part.startsWith(':')) {
      const name = part.slice(1);
      if (!NAME.test(name))
        throw badPattern(source, `'${part}' is no parameter: a name has to follow the colon`);
      return { name };
    }
    if (!SEGMENT.test(part))
      throw badPattern(source, `a segment such as '${part}' may have neither white space nor + or * in it`);
    return { text: part };
  }

  private checkValue(name: string, value: string): void {
    const isRest = name === REST;
    const parts =
      isRest && value === '' ? [] : typeof value === 'string' && isRest ? value.split('/') : [value];
    if (parts.every((part) => typeof part === 'string' && SEGMENT.test(part))) return;
    const given = typeof value === 'string' ? `'${value}'` : textOf(value);
    const wanted = isRest ? 'segments' : 'one segment: a text without a slash';
    throw this.badParam(name, `${given} is not ${wanted}, white space, + or *`);
  }

  private badParam(name: string, why: string): AgentError {
    const names = this.names.length === 0 ? 'It has none.' : `It has ${this.names.join(', ')}.`;
    return new AgentError('bad-topic', `${this.source}: parameter ${name}: ${why}. ${names}`);
  }
}

/** Whether a topic fits a filter, each split into its segments. */
export function matches(filter: readonly string[], topic: readonly string[]): boolean {
  for (const [index, part] of filter.entries()) {
    if (part === REST) return true;
    if (index >= topic.length || (part !== ONE && part !== topic[index])) return false;
  }
  return filter.length === topic.length;
}

function badPattern(given: unknown, why: string): AgentError {
  const text = typeof given === 'string' ? `'${given}'` : textOf(given);
  return new AgentError(
    'bad-topic',
    `${text} is no pattern of topics: ${why}. Write segments between slashes, such as 'devices/:building/:unit' or 'logs/*'.`,
  );
}
