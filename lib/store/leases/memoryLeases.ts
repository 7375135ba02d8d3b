import type { Leases, OpenLeases } from './Leases';
import { Marks } from './Marks';

/** {@link Leases} in memory, for hosts in one process: in tests, above all. */
export function memoryLeases(): Leases {
  const marks = new Marks();
  const opened: OpenLeases = {
    read: async (name) => {
      await Promise.resolve();
      return marks.read(name);
    },
    write: async (name, holder, after) => {
      await Promise.resolve();
      return marks.write(name, holder, after);
    },
    close: () => Promise.resolve(),
  };
  return { open: () => Promise.resolve(opened) };
}
