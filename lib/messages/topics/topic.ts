import type { ZodType } from 'zod';
import { AgentError } from '../../AgentError';
import { checkOptions, optionTable } from '../../options/checkOptions';
import { aFlag, oneOf } from '../../options/checks';
import { Pattern, type PatternParams } from './pattern';
import type { RouteHint } from './Router';
import { checkSchema, isSchema } from '../payloads/schema';

export interface TopicOptions {
  /** `'last'`: the bus keeps the last message of each topic, and gives it to whoever subscribes later. Default nothing. */
  readonly retain?: 'last';
  /**
   * Whether messages are kept until each of those has dealt with them who take them under a name,
   * `bus.messages(topic, { durable: 'name' })`: by a host with a `store`, or a bus with servers that can do that, such as
   * `natsBus`. Default false.
   */
  readonly durable?: boolean;
}

const TOPIC = optionTable<TopicOptions>(
  { retain: oneOf(['last']), durable: aFlag },
  { retained: 'retain', keep: 'retain', persistent: 'durable' },
);

/** What can be listened to: a topic of all parameters, or of some that have been given. */
export interface Filter<Params, Schema extends ZodType> {
  readonly topic: AnyTopic<Params, Schema>;
  /** As the bus reads it: `+` stands for one segment, `*` for whatever follows, or nothing. */
  readonly filter: string;
}

/** What can be published to: a topic of which all parameters have been given. */
export interface Address<Params, Schema extends ZodType> extends Filter<Params, Schema> {
  readonly address: string;
}

export interface AnyTopic<Params, Schema extends ZodType> extends Filter<Params, Schema> {
  readonly pattern: string;
  readonly schema: Schema;
  readonly retain: 'last' | undefined;
  /** Whether its messages are kept until they are dealt with. */
  readonly isDurable: boolean;
  /**
   * Gives parameters: all of them for an address, some of them for a filter.
   *
   * @throws AgentError `bad-topic` if a value is empty or has a slash, white space, `+` or `*` in it
   */
  at(params: Params): Address<Params, Schema>;
  at(params: Partial<Params>): Filter<Params, Schema>;
  /** The parameters of one topic that fits the pattern. */
  paramsOf(topic: string): Params;
}

/** A typed contract for messages: see {@link topic}. One without parameters is an address by itself. */
export type Topic<Params, Schema extends ZodType> = AnyTopic<Params, Schema> &
  ([keyof Params] extends [never] ? Address<Params, Schema> : unknown);

/**
 * Defines a topic: a pattern, whose `:names` are its parameters and whose last segment may be `*` for whatever
 * follows, and a zod schema of its payloads.
 * ```ts
 * const reading = topic('devices/:building/:unit', z.object({ celsius: z.number() }));
 *
 * bus.publish(reading.at({ building: 'b1', unit: 'u7' }), { celsius: 21 });
 * bus.messages(reading.at({ building: 'b1' }));
 * ```
 * @throws AgentError `bad-topic` or `bad-option`
 */
// @__NO_SIDE_EFFECTS__
export function topic<const P extends string, Schema extends ZodType>(
  pattern: P,
  schema: Schema,
  options?: TopicOptions,
): Topic<PatternParams<P>, Schema> {
  const checked = new Pattern(pattern);
  if (!isSchema(schema)) {
    throw new AgentError(
      'bad-topic',
      `${pattern} needs a zod schema of its payloads: topic('${pattern}', z.number()).`,
    );
  }
  checkSchema('bad-topic', `${pattern}: its schema`, schema);
  checkOptions(`topic ${pattern}`, TOPIC, options);
  // The type says of the address what the class finds out by the pattern.
  return new PatternTopic(checked, schema, options?.retain, options?.durable === true) as unknown as Topic<
    PatternParams<P>,
    Schema
  >;
}

type Params = Readonly<Record<string, string>>;

/** What an address knows of itself. */
export interface ReadAddress {
  readonly params: Params;
}

/** The parameters of this many topics are kept: most subscribers hear of the same ones over and over. */
const MOST_KEPT = 1024;

class PatternTopic<Schema extends ZodType> implements AnyTopic<Params, Schema>, RouteHint {
  place = 0;
  readonly pattern: string;
  readonly filter: string;
  readonly address: string | undefined;
  private readonly kept = new Map<string, Params>();

  constructor(
    private readonly parsed: Pattern,
    readonly schema: Schema,
    readonly retain: 'last' | undefined,
    readonly isDurable: boolean,
  ) {
    this.pattern = parsed.source;
    this.filter = parsed.fill({});
    this.address = parsed.names.length === 0 ? this.filter : undefined;
  }

  get topic(): this {
    return this;
  }

  at(params: Params): Address<Params, Schema>;
  at(params: Partial<Params>): Filter<Params, Schema>;
  at(params: Partial<Params>): Filter<Params, Schema> {
    const filter = this.parsed.fill(params);
    const isWhole = this.parsed.names.every((name) => params[name] !== undefined);
    return isWhole ? new PatternAddress(this, filter) : { topic: this, filter };
  }

  paramsOf(topic: string): Params {
    const known = this.kept.get(topic);
    if (known !== undefined) return known;
    const params = this.parsed.paramsOf(topic);
    if (this.kept.size === MOST_KEPT) this.kept.clear();
    this.kept.set(topic, params);
    return params;
  }
}

/** An address that knows what its parameters are: looking them up for each message shows in the rows `topic routing`. */
class PatternAddress<Schema extends ZodType> implements Address<Params, Schema>, ReadAddress, RouteHint {
  place = 0;
  private known: Params | undefined;

  constructor(
    readonly topic: PatternTopic<Schema>,
    readonly filter: string,
  ) {}

  get address(): string {
    return this.filter;
  }

  get params(): Params {
    return (this.known ??= this.topic.paramsOf(this.filter));
  }
}

export function isFilter(given: Partial<Filter<unknown, ZodType>> | undefined): boolean {
  // Told by its members, since it may have been made by another copy of the kit.
  const { filter, topic } = given ?? {};
  return (
    typeof filter === 'string' &&
    typeof (topic as Partial<PatternTopic<ZodType>> | undefined)?.paramsOf === 'function'
  );
}
