import type { output, ZodType } from 'zod';
import { AgentError, type AgentErrorCode, messageOf } from '../../AgentError';
import { toPayload } from './json';
import type { Payload } from './Payload';
import type { Reading } from './Reading';
import { factsOf } from './schemaFacts';
import { isAsyncError, waitsFor } from './asyncSchema';

/** What zod tells of a value that does not fit. */
interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message?: string;
  readonly code?: string | undefined;
  readonly expected?: unknown;
}

type Result<T> =
  | { readonly success: true; readonly data: T }
  | { readonly success: false; readonly error: { readonly issues: readonly Issue[] } };

/**
 * Reads a payload by its schema.
 *
 * @param where what the payload is for, as errors name it
 * @throws AgentError `bad-message`, with the path and the message of each issue
 */
export function readPayload<Schema extends ZodType>(
  where: string,
  schema: Schema,
  payload: unknown,
): output<Schema> {
  let result: Result<output<Schema>>;
  try {
    result = schema.safeParse(payload);
  } catch (cause) {
    throw notDone(where, 'read', schema, cause);
  }
  if (result.success) return result.data;
  throw misfit(where, result);
}

/**
 * The same, for which that will do what the sender has read of it.
 *
 * @throws AgentError `bad-message`, with the path and the message of each issue
 */
export function readReceived<Schema extends ZodType>(
  where: string,
  schema: Schema,
  payload: unknown,
  reading: Reading | undefined,
): output<Schema> {
  return reading?.isFor(schema) === true
    ? (reading.take() as output<Schema>)
    : readPayload(where, schema, payload);
}

/**
 * Makes a payload of what is to be sent: encoded by the schema, if there is a codec in it. That it fits is for
 * {@link readPayload} to find out.
 *
 * @throws AgentError `bad-message` or `message-too-large`
 */
export function encodePayload(where: string, schema: ZodType, value: unknown): Payload {
  return toPayload(where, factsOf(schema).hasCodec ? encoded(where, schema, value) : value);
}

function encoded(where: string, schema: ZodType, value: unknown): unknown {
  let result;
  try {
    result = encode(schema, value);
  } catch (cause) {
    throw notDone(where, 'encoded', schema, cause);
  }
  if (result.success) return result.data;
  throw misfit(where, result);
}

/** Encodes by whichever flavour of zod the schema is of: the small one has functions in the place of methods. */
function encode(schema: ZodType, value: unknown): Result<unknown> {
  if (typeof (schema as Partial<ZodType>).safeEncode === 'function') return schema.safeEncode(value);
  const run = schema._zod.run({ value, issues: [] }, { async: false, direction: 'backward' });
  if (run instanceof Promise) throw new Error('it is async');
  return run.issues.length === 0
    ? { success: true, data: run.value }
    : { success: false, error: { issues: run.issues as readonly Issue[] } };
}

function notDone(where: string, what: 'read' | 'encoded', schema: ZodType, cause: unknown): AgentError {
  const why = isAsyncError(cause)
    ? `${waitsFor(schema)}, and a payload is ${what} at once. Look into what takes time in the handler.`
    : messageOf(cause);
  return new AgentError('bad-message', `${where}: the payload cannot be ${what}: ${why}`, { cause });
}

function misfit(where: string, { error }: Extract<Result<unknown>, { readonly success: false }>): AgentError {
  const issues = error.issues.map((issue) => `  ${pathOf(issue.path)}: ${messageOfIssue(issue)}`);
  const message = [`${where}: the payload does not fit its schema:`, ...issues].join('\n');
  return new AgentError('bad-message', message, { cause: error });
}

/** What JSON knows nothing of cannot be what a schema expects of it. */
const NOT_IN_JSON: readonly unknown[] = ['date', 'map', 'set', 'bigint', 'file', 'symbol'];

function messageOfIssue({ message, code = 'it does not fit', expected }: Issue): string {
  const said = message ?? code;
  if (!NOT_IN_JSON.includes(expected)) return said;
  return `${said}. JSON has no ${String(expected)}: let a codec encode and decode it (z.codec).`;
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.length === 0 ? '(the payload itself)' : path.map(String).join('.');
}

export function isSchema(given: unknown): given is ZodType {
  return typeof (given as Partial<ZodType> | undefined)?.safeParse === 'function';
}

/**
 * Refuses a schema by which nothing could ever be sent.
 *
 * @param what whose schema it is
 */
export function checkSchema(code: AgentErrorCode, what: string, schema: ZodType): void {
  const { hasCodec, oneWay, async } = factsOf(schema);
  if (async !== undefined) {
    const message = `${what} cannot be used: ${waitsFor(schema)}, and payloads are read at once. Look into what takes time in the handler.`;
    throw new AgentError(code, message);
  }
  if (hasCodec && oneWay !== undefined) {
    const place = oneWay === '' ? 'it' : oneWay;
    const message = `${what} has a codec in it, by which payloads are encoded, and ${place} has a transform, which goes one way only. Make that a codec, too (z.codec).`;
    throw new AgentError(code, message);
  }
}
