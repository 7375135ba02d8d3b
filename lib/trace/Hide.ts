/** Writes over what is secret in a text. */
export interface Hide {
  (text: string): string;
  /**
   * What to show in place of a number, a bigint or a boolean that is secret; undefined if it is none. Where this is
   * missing, what the text of the value becomes says it.
   *
   * @param key the name of the field that it stands under, if any
   */
  readonly scalar?: ((value: number | bigint | boolean, key?: string) => string | undefined) | undefined;
}

/** A number, a bigint or a boolean, or what is to be shown in its place. */
export function hideScalar<T extends number | bigint | boolean>(
  value: T,
  hide: Hide,
  key?: string,
): T | string {
  if (hide.scalar !== undefined) return hide.scalar(value, key) ?? value;
  const text = String(value);
  const shown = hide(text);
  return shown === text ? value : shown;
}
