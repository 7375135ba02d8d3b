import { AgentError } from '../AgentError';
import { nearestName } from '../nearestName';
import { showValue } from './showValue';

/**
 * Refuses a value that an option cannot have.
 *
 * @param owner what has the option, such as `createHost`
 * @param option the option's name; that of a nested one with its path
 */
export type Check = (given: unknown, owner: string, option: string) => void;

/** All options that something has, with the check of each. */
export interface OptionTable {
  readonly names: readonly string[];
  readonly checks: ReadonlyMap<string, Check>;
  /** What others call an option that is known here by another name. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Those that may not be left out. */
  readonly required: readonly string[];
}

/** Describes the options of an interface. One that is forgotten here does not compile. */
// @__NO_SIDE_EFFECTS__
export function optionTable<Options>(
  checks: { readonly [Name in keyof Options]-?: Check },
  aliases: Readonly<Record<string, keyof Options & string>> = {},
  required: readonly (keyof Options & string)[] = [],
): OptionTable {
  return { names: Object.keys(checks), checks: new Map(Object.entries<Check>(checks)), aliases, required };
}

/** The table of what takes no options. */
export const NO_OPTIONS = optionTable<object>({});

/**
 * Checks options where they are written: each has to be one that there is, with a value that it can have; what is
 * undefined counts as left out. As long as all is well this makes nothing, so that it may stand in a hot path.
 *
 * @param prefix where they are among the owner's options, if they are nested: `'restart.'`
 * @throws AgentError `bad-option`, or what a check throws
 */
export function checkOptions(owner: string, table: OptionTable, given: unknown, prefix = ''): void {
  if (given === undefined) return;
  if (typeof given !== 'object' || given === null) throw noOptions(owner, table, given, prefix);
  const { names, checks, required } = table;
  const options = given as Readonly<Record<string, unknown>>;
  for (const name in options)
    if (!checks.has(name) && options[name] !== undefined && Object.hasOwn(options, name))
      throw unknownOption(owner, table, options, prefix, name);
  for (const name of names) {
    const value = options[name];
    if (value !== undefined || required.includes(name)) checks.get(name)?.(value, owner, prefix + name);
  }
}

/** Options within options. */
// @__NO_SIDE_EFFECTS__
export function nested(table: OptionTable): Check {
  return (given, owner, option) => {
    checkOptions(owner, table, given, `${option}.`);
  };
}

/** What is wrong with the value of one option. */
export function badOption(owner: string, option: string, given: unknown, wanted: string): AgentError {
  return new AgentError('bad-option', `${owner}: ${option}: ${showValue(given)} ${wanted}.`);
}

function unknownOption(
  owner: string,
  { names, aliases }: OptionTable,
  options: object,
  prefix: string,
  name: string,
): AgentError {
  const where = prefix === '' ? owner : `${owner}: ${prefix.slice(0, -1)}`;
  if (isScheduler(options))
    return new AgentError('bad-option', `${where}: its options are no scheduler; that is its last argument.`);
  const nearest = Object.hasOwn(aliases, name) ? aliases[name] : nearestName(name, names);
  const hint = nearest === undefined ? `. ${listed(names)}` : `: did you mean ${JSON.stringify(nearest)}?`;
  return new AgentError('bad-option', `${where} has no option ${JSON.stringify(name)}${hint}`);
}

function noOptions(owner: string, { names }: OptionTable, given: unknown, prefix: string): AgentError {
  const where = prefix === '' ? `${owner}: its options` : `${owner}: ${prefix.slice(0, -1)}`;
  return new AgentError(
    'bad-option',
    `${where}: ${showValue(given)} has to be an object of options. ${listed(names)}`,
  );
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'It has none.' : `There are: ${names.join(', ')}.`;
}

function isScheduler(given: object): boolean {
  return typeof (given as { readonly schedule?: unknown }).schedule === 'function';
}
