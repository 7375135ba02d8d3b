import { memoryLeases } from 'rx-agent-kit';
import { leasesContract } from '../support/leasesContract';

leasesContract('memoryLeases', () => {
  const leases = memoryLeases();
  return { one: leases, other: leases };
});
