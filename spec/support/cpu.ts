/** The CPU that this process has used so far, in ms: unlike real time it grows little when the machine is busy. */
export function cpuNow(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
