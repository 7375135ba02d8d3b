import { badOption, type Check } from './checkOptions';

/** A check that says what is wanted: "has to be …". */
// @__NO_SIDE_EFFECTS__
export function must(isGood: (given: unknown) => boolean, wanted: string): Check {
  return (given, owner, option) => {
    if (!isGood(given)) throw badOption(owner, option, given, `has to be ${wanted}`);
  };
}

export const aFlag: Check = must((given) => typeof given === 'boolean', 'true or false');

export const aName: Check = must(
  (given) => typeof given === 'string' && given !== '',
  'a text of one character at least',
);

export const aFunction: Check = must((given) => typeof given === 'function', 'a function');

/** For what is checked somewhere else, such as a part that has an error code of its own. */
export const anything: Check = () => undefined;

// @__NO_SIDE_EFFECTS__
export function oneOf(values: readonly string[]): Check {
  return (given, owner, option) => {
    if (values.includes(given as string)) return;
    const choices = values.map((value) => `'${value}'`).join(', ');
    throw badOption(
      owner,
      option,
      given,
      values.length === 1 ? `has to be ${choices}` : `is none of ${choices}`,
    );
  };
}

/** A whole number from `least` on. */
// @__NO_SIDE_EFFECTS__
export function aCount(least: number): Check {
  return must(
    (given) => Number.isInteger(given) && (given as number) >= least,
    `a whole number from ${least} on`,
  );
}

/** The same, or no limit at all. */
// @__NO_SIDE_EFFECTS__
export function aLimit(least: number): Check {
  return must(
    (given) => given === Infinity || (Number.isInteger(given) && (given as number) >= least),
    `a whole number from ${least} on, or Infinity`,
  );
}

// @__NO_SIDE_EFFECTS__
export function aNumber(isGood: (given: number) => boolean, wanted: string): Check {
  return must((given) => typeof given === 'number' && isGood(given), wanted);
}

/**
 * What stands behind a port: whatever it is, it has these functions. It may have more.
 *
 * @param such where one is to be had
 */
// @__NO_SIDE_EFFECTS__
export function aPort(functions: readonly string[], such: string): Check {
  return (given, owner, option) => {
    if (isPart(given) && hasAll(given, functions)) return;
    if (isPart(given) && isFunction(given['then']))
      throw badOption(owner, option, given, 'has to be awaited first');
    const lacking = isPart(given) ? functions.filter((name) => !isFunction(given[name])) : functions;
    throw badOption(owner, option, given, `has to be ${such}; it lacks ${lacking.join(', ')}`);
  };
}

type Part = Readonly<Record<string, unknown>>;

function isPart(given: unknown): given is Part {
  return (typeof given === 'object' && given !== null) || isFunction(given);
}

function hasAll(given: Part, functions: readonly string[]): boolean {
  for (const name of functions) if (!isFunction(given[name])) return false;
  return true;
}

function isFunction(given: unknown): boolean {
  return typeof given === 'function';
}
