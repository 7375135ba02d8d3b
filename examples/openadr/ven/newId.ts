/** An id for a request, or for anything else that is new. */
export function newId(): string {
  return crypto.randomUUID();
}
