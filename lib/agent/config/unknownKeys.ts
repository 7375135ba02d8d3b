import type { core, ZodType } from 'zod';
import { nearestName } from '../../nearestName';

/** A key that a schema drops without a word. */
export interface UnknownKey {
  readonly path: readonly string[];
  /** What was probably meant, if anything that the schema knows is near. */
  readonly nearest: string | undefined;
}

type Schema = core.$ZodType;

/** Finds the keys that a schema drops, or refuses, since it does not know them. One that takes any key knows all. */
export function unknownKeys(schema: ZodType, input: unknown): UnknownKey[] {
  try {
    return within(schema, input, []);
  } catch {
    // A schema's own code may throw; that it does is told when the config is read.
    return [];
  }
}

function within(schema: Schema, input: unknown, path: readonly string[]): UnknownKey[] {
  const { def } = (schema as core.$ZodTypes)._zod;
  switch (def.type) {
    case 'object':
      return isRecord(input) ? inObject(def, input, path) : [];
    case 'record':
      return isRecord(input)
        ? Object.entries(input).flatMap(([key, value]) => within(def.valueType, value, [...path, key]))
        : [];
    case 'array':
      return inList(input, path, () => def.element);
    case 'tuple':
      return inList(input, path, (index) => def.items[index] ?? def.rest ?? undefined);
    case 'union':
      return inUnion(def.options, input, path);
    case 'intersection':
      return inBoth(within(def.left, input, path), within(def.right, input, path));
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'success':
    case 'catch':
    case 'readonly':
      return within(def.innerType, input, path);
    case 'lazy':
      return within(def.getter(), input, path);
    case 'pipe':
      // Behind a transformation of the input (`z.preprocess`) there is another input, which is not known.
      return within(def.in, input, path);
    default:
      return [];
  }
}

function inObject(
  { shape, catchall }: core.$ZodObjectDef,
  input: Readonly<Record<string, unknown>>,
  path: readonly string[],
): UnknownKey[] {
  return Object.entries(input).flatMap(([key, value]) => {
    const known = Object.hasOwn(shape, key) ? shape[key] : catchall;
    if (known !== undefined && known._zod.def.type !== 'never') return within(known, value, [...path, key]);
    // What is there already was not meant.
    const missing = Object.keys(shape).filter((name) => !Object.hasOwn(input, name));
    const nearest = nearestName(key, missing) ?? nearestName(key, Object.keys(shape));
    return [{ path: [...path, key], nearest }];
  });
}

/** Says it of a key, and what was probably meant. */
export function unknownKeyText({ path, nearest }: UnknownKey): string {
  const meant = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  return `${path.join('.')} is not known, and is left out.${meant}`;
}

function inList(
  input: unknown,
  path: readonly string[],
  schemaOf: (index: number) => Schema | undefined,
): UnknownKey[] {
  if (!Array.isArray(input)) return [];
  return (input as unknown[]).flatMap((value, index) => {
    const schema = schemaOf(index);
    return schema === undefined ? [] : within(schema, value, [...path, String(index)]);
  });
}

/** What one side of an intersection drops the other one may keep. */
function inBoth(left: readonly UnknownKey[], right: readonly UnknownKey[]): UnknownKey[] {
  return left.flatMap(({ path, nearest }) => {
    const same = right.find((key) => key.path.join('\0') === path.join('\0'));
    return same === undefined ? [] : [{ path, nearest: nearest ?? same.nearest }];
  });
}

/** The first one that takes the input is the one that has taken it. */
function inUnion(options: readonly Schema[], input: unknown, path: readonly string[]): UnknownKey[] {
  const taker = options.find((option) => (option as ZodType).safeParse(input).success);
  return taker === undefined ? [] : within(taker, input, path);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
