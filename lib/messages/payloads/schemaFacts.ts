import type { ZodType } from 'zod';

/** What has to be known of a schema before it is used. */
export interface SchemaFacts {
  /** Whether there is a codec in it: then what is sent is encoded by it. */
  readonly hasCodec: boolean;
  /** Where there is a transform in it that goes one way only: the path, which is empty for the schema itself. */
  readonly oneWay: string | undefined;
  /** Where there is a function in it that is async. */
  readonly async: string | undefined;
}

/** As much of a schema's inside as matters here; zod has it for those who walk through schemas. */
interface Inside {
  readonly def: Readonly<Record<string, unknown>> & { readonly type?: unknown };
}

const known = new WeakMap<ZodType, SchemaFacts>();

/** Looks through a schema, once. A part that is not there yet, as in a circle of schemas, is looked for again. */
export function factsOf(schema: ZodType): SchemaFacts {
  const before = known.get(schema);
  if (before !== undefined) return before;
  const walk = new Walk();
  walk.through(schema, '');
  if (walk.isWhole) known.set(schema, walk);
  return walk;
}

class Walk implements SchemaFacts {
  hasCodec = false;
  oneWay: string | undefined;
  async: string | undefined;
  isWhole = true;
  private readonly seen = new Set<object>();

  through(part: unknown, path: string): void {
    const inside = insideOf(part);
    if (inside === undefined || this.seen.has(inside)) return;
    this.seen.add(inside);
    const { def } = inside;
    this.note(def, path);
    for (const member of Object.keys(def)) this.into(def, member, path);
  }

  private note(def: Inside['def'], path: string): void {
    if (typeof def['reverseTransform'] === 'function') this.hasCodec = true;
    if (def.type === 'transform' || def.type === 'success') this.oneWay ??= path;
    const functions = ['transform', 'reverseTransform', 'fn'].map((name) => def[name]);
    if (def.type === 'promise' || [...functions, ...checksOf(def)].some(isAsync)) this.async ??= path;
  }

  private into(def: Inside['def'], member: string, path: string): void {
    if (member === 'shape') this.intoShape(def[member], path);
    else if (member === 'getter' && def.type === 'lazy')
      this.read(() => (def[member] as () => unknown)(), path);
    else for (const part of [def[member]].flat()) this.through(part, path);
  }

  private intoShape(shape: unknown, path: string): void {
    for (const name of Object.keys(shape ?? {}))
      this.read(
        () => (shape as Readonly<Record<string, unknown>>)[name],
        path === '' ? name : `${path}.${name}`,
      );
  }

  /** What is read by a getter may not be defined yet. */
  private read(part: () => unknown, path: string): void {
    try {
      this.through(part(), path);
    } catch {
      this.isWhole = false;
    }
  }
}

function insideOf(part: unknown): Inside | undefined {
  const inside = (part as { readonly _zod?: Partial<Inside> } | null | undefined)?._zod;
  return typeof inside?.def === 'object' ? (inside as Inside) : undefined;
}

/** The functions of refinements. */
function checksOf(def: Inside['def']): unknown[] {
  const checks = Array.isArray(def['checks']) ? (def['checks'] as readonly unknown[]) : [];
  return checks.flatMap((check) => {
    const { _zod: inside } = (check ?? {}) as {
      readonly _zod?: Partial<Inside> & { readonly check?: unknown };
    };
    return [inside?.check, inside?.def?.['fn']];
  });
}

function isAsync(given: unknown): boolean {
  return typeof given === 'function' && given.constructor.name === 'AsyncFunction';
}
