/** A schema of zod 4, of any flavour, as far as types are concerned. */
export interface SchemaOf<T> {
  readonly _zod: { readonly output: T };
}
