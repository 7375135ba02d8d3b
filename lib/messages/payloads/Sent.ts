import type { input, output, ZodType } from 'zod';

/** A schema of any flavour of zod's. */
interface Schema {
  readonly _zod: { readonly def: unknown };
}

/** So deep codecs are looked for, in types alone: a schema may have itself as a part. */
type Levels = [1, 1, 1, 1, 1, 1, 1, 1];

/** The parts of a schema, by what zod says of its inside. */
type PartsOf<Def> = Def extends { readonly shape: infer Shape }
  ? Shape[keyof Shape]
  : Def extends { readonly items: readonly (infer Item)[]; readonly rest: infer Rest }
    ? Item | Rest
    : Def extends { readonly options: readonly (infer Option)[] }
      ? Option
      : Def extends { readonly type: 'lazy'; readonly getter: () => infer Inner }
        ? Inner
        : Extract<Def[keyof Def], Schema>;

type HasCodec<S, Left extends readonly unknown[] = Levels> = Left extends readonly [unknown, ...infer Fewer]
  ? S extends Schema
    ? S['_zod']['def'] extends { readonly reverseTransform: unknown }
      ? true
      : HasCodec<PartsOf<S['_zod']['def']>, Fewer>
    : false
  : false;

/**
 * What is given to be sent by a schema: what its receivers get, if there is a codec in it, since that encodes it;
 * else what the schema takes, such as an object without the members that have defaults.
 */
export type Sent<S extends ZodType> = true extends HasCodec<S> ? output<S> : input<S>;
