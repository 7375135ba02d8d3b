const read = process.hrtime.bigint.bind(process.hrtime);

/** The host's own monotonic time in ns, which a body does not see. */
export function realTime(): bigint {
  return read();
}
