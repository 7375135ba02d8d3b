import { type ZodType, toJSONSchema } from 'zod';

/** The parts of a JSON Schema that are shown. */
interface JsonSchema {
  readonly type?: string | string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly format?: string;
}

/** Writes what a schema takes on one line: `{ rate?: number ≥ 1 = 2, mode: "a" | "b" }`. */
export function describeSchema(schema: ZodType): string {
  return write(toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema);
}

function write(schema: JsonSchema): string {
  const { default: preset } = schema;
  return `${shape(schema)}${bounds(schema)}${preset === undefined ? '' : ` = ${JSON.stringify(preset)}`}`;
}

function shape(schema: JsonSchema): string {
  const { type, enum: choices, anyOf, oneOf, allOf, properties, items, additionalProperties } = schema;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (choices !== undefined) return choices.map((choice) => JSON.stringify(choice)).join(' | ');
  const either = anyOf ?? oneOf;
  if (either !== undefined) return either.map(write).join(' | ');
  if (allOf !== undefined) return allOf.map(write).join(' & ');
  if (type === 'array') return items === undefined ? 'array' : `${write(items)}[]`;
  if (properties !== undefined) return record(properties, schema.required ?? []);
  if (typeof additionalProperties === 'object') return `{ [key]: ${write(additionalProperties)} }`;
  return type === undefined ? 'anything' : [type].flat().join(' | ');
}

function record(properties: Readonly<Record<string, JsonSchema>>, required: readonly string[]): string {
  const members = Object.entries(properties).map(
    ([key, schema]) => `${key}${required.includes(key) ? '' : '?'}: ${write(schema)}`,
  );
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

function bounds({ minimum, maximum, minLength, maxLength, format }: JsonSchema): string {
  const parts = [
    format === undefined ? '' : ` (${format})`,
    lowest(minimum) ? '' : ` ≥ ${String(minimum)}`,
    lowest(maximum) ? '' : ` ≤ ${String(maximum)}`,
    minLength === undefined ? '' : ` of ${String(minLength)} characters at least`,
    maxLength === undefined ? '' : ` of ${String(maxLength)} characters at most`,
  ];
  return parts.join('');
}

/** zod bounds each integer by what a double can hold; that tells nobody anything. */
function lowest(bound: number | undefined): boolean {
  return bound === undefined || Math.abs(bound) === Number.MAX_SAFE_INTEGER;
}
