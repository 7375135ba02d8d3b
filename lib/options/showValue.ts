/** What is longer is cut: the reader knows what was given. */
const LONGEST = 80;

/** Writes what was given on one line for a message. It never throws, whatever that is. */
export function showValue(given: unknown): string {
  try {
    const text = write(given);
    return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
  } catch {
    return `of type ${typeof given}`;
  }
}

function write(given: unknown): string {
  if (typeof given === 'string') return JSON.stringify(given);
  if (typeof given === 'bigint') return `${given}n`;
  if (typeof given === 'function') return given.name === '' ? 'a function' : `the function ${given.name}`;
  if (typeof given !== 'object' || given === null) return String(given);
  if (typeof (given as Partial<PromiseLike<unknown>>).then === 'function') return 'a promise';
  if (given instanceof Date) return String(given);
  const { name = '' } = ((given as { readonly constructor?: unknown }).constructor ?? {}) as {
    readonly name?: string;
  };
  if (!Array.isArray(given) && !['', 'Object'].includes(name)) return `a ${name}`;
  return JSON.stringify(given);
}
