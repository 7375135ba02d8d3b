import { type Leases, type Mark, NO_MARK, type OpenLeases } from './Leases';

/** {@link Leases} in memory, for hosts in one process: in tests, above all. */
export function memoryLeases(): Leases {
  const marks = new Map<string, Mark>();
  const opened: OpenLeases = {
    read: async (name) => {
      await Promise.resolve();
      return marks.get(name) ?? NO_MARK;
    },
    write: async (name, holder, after) => {
      await Promise.resolve();
      if ((marks.get(name) ?? NO_MARK).number !== after) return undefined;
      marks.set(name, { number: after + 1, holder });
      return after + 1;
    },
    close: () => Promise.resolve(),
  };
  return { open: () => Promise.resolve(opened) };
}
