/** Something that comes once. */
export interface Moment {
  readonly promise: Promise<void>;
  readonly come: () => void;
}

/** @param first what is done at once when it comes, before those who wait for the promise */
export function moment(first?: () => void): Moment {
  let hasCome = false;
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  const come = (): void => {
    if (hasCome) return;
    hasCome = true;
    first?.();
    resolve();
  };
  return { promise, come };
}
