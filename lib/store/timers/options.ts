import { badOption, checkOptions, optionTable } from '../../options/checkOptions';
import { aName, aPort, oneOf } from '../../options/checks';
import { checkKeyPart } from '../keys';
import type { SchemaOf } from '../SchemaOf';

/** What becomes of a wait that came due while nothing ran. */
export type LatePolicy =
  /** It ends at the next start. */
  | 'fire'
  /** It is forgotten. */
  | 'skip'
  /** Time that nobody has lived does not count, so it is not late at all. How long nothing ran is known to the second. */
  | 'resume'
  /** It starts again, in its full length. */
  | 'restart';

/** What makes a timer durable. */
export interface DurableTimerOptions {
  /**
   * The name under which it is kept, unique in its agent and the same across deploys: what is armed when the process
   * ends is armed again when the agent starts, for its instant by the wall clock. What `start$` and the like bring is a
   * trigger once: the start of a later life is none. Default: nothing outlives the process.
   */
  readonly durable?: string;
}

/** What makes a wait durable. */
export interface DurableWaitOptions<T> extends DurableTimerOptions {
  /** What becomes of a wait that came due while nothing ran. Default `'fire'`. */
  readonly late?: LatePolicy;
  /** The zod schema of the triggers, by which they are written and read. Default: they have to be JSON. */
  readonly schema?: SchemaOf<T>;
}

/** What makes a date durable. */
export interface DurableDateOptions<T> extends DurableTimerOptions {
  /** What becomes of a date that came while nothing ran: a tick at the next start, which says how late it is, or none. Default `'fire'`. */
  readonly late?: 'fire' | 'skip';
  /** The zod schema of the triggers, by which they are written and read. Default: they have to be JSON. */
  readonly schema?: SchemaOf<T>;
}

const aSchema = aPort(['safeParse'], 'a zod schema');
const WAIT = optionTable<DurableWaitOptions<unknown>>({
  durable: aName,
  late: oneOf(['fire', 'skip', 'resume', 'restart'] satisfies readonly LatePolicy[]),
  schema: aSchema,
});
const DATE = optionTable<DurableDateOptions<unknown>>({
  durable: aName,
  late: oneOf(['fire', 'skip']),
  schema: aSchema,
});
const GRID = optionTable<DurableTimerOptions>({ durable: aName });
const TABLES = { wait: WAIT, date: DATE, grid: GRID };

/** The options of a durable timer, read and checked. */
export interface DurablePart {
  readonly name: string;
  readonly late: LatePolicy;
  readonly schema: unknown;
}

type AnyOptions = DurableWaitOptions<unknown>;

/**
 * Takes what makes a timer durable out of its options.
 *
 * @throws AgentError `bad-option`
 */
export function splitOptions<O extends object>(
  owner: string,
  options: (O & AnyOptions) | undefined,
  kind: keyof typeof TABLES,
): { readonly part: DurablePart | undefined; readonly rest: O | undefined } {
  if (options === undefined || !isDurable(options)) return { part: undefined, rest: options };
  const { durable, late, schema, ...rest } = options;
  checkOptions(owner, TABLES[kind], { durable, late, schema });
  if (durable !== undefined) checkKeyPart(owner, 'durable', durable);
  for (const [option, given] of Object.entries({ late, schema }))
    if (durable === undefined && given !== undefined)
      throw badOption(owner, option, given, "is of use to a durable timer only: { durable: 'a name' }");
  return {
    part: durable === undefined ? undefined : { name: durable, late: late ?? 'fire', schema },
    rest: rest as unknown as O,
  };
}

/** Whatever is no object of options is told of where the others are checked. */
function isDurable(options: object): boolean {
  return typeof options === 'object' && ['durable', 'late', 'schema'].some((name) => name in options);
}
