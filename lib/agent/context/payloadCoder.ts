import type { ZodType } from 'zod';
import { toPayload } from '../../messages/payloads/json';
import { encodePayload, isSchema, readPayload } from '../../messages/payloads/schema';
import type { Payload } from '../../messages/payloads/Payload';
import type { Coder } from '../../store/AgentStore';
import type { Json } from '../../store/Json';

/** Writes what is kept as payloads are written, and reads it as they are read; nothing is kept as an empty list. */
export const payloadCoder: Coder = {
  write(where, value, schema) {
    if (schema === undefined) return wrapped(toPayload(where, value));
    const payload = encodePayload(where, schema as ZodType, value);
    readPayload(where, schema as ZodType, payload);
    return wrapped(payload);
  },
  read(where, kept, schema) {
    const [payload] = kept as readonly Json[];
    return schema === undefined ? frozen(payload) : readPayload(where, schema as ZodType, payload);
  },
  isSchema,
};

function wrapped(payload: Payload): Json {
  return payload === undefined ? [] : [payload];
}

/** As it was when it was written: what has been read from a store is not. */
function frozen(value: Payload): Payload {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const member of Object.values(value)) frozen(member);
  return Object.freeze(value);
}
