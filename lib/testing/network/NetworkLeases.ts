import type { Leases, LeasesContext, OpenLeases } from '../../store/leases/Leases';
import { timersOf } from '../../time/queue/ForeignTimers';
import { ENDLESS } from '../../time/queue/rank';
import type { ServerLink } from './ServerLink';

/** The leases on the servers, as one host has them. */
export class NetworkLeases implements Leases {
  constructor(private readonly link: ServerLink) {}

  open(_host: string, { scheduler }: LeasesContext): Promise<OpenLeases> {
    const { link } = this;
    const { marks } = link.servers;
    const timers = timersOf(scheduler);
    // To look for a lease goes on and on: it does not hold up the end of a test.
    const ask = <T>(what: string, work: () => T): Promise<T> =>
      link.ask(what, timers, ENDLESS, () => Promise.resolve(work()));
    return Promise.resolve({
      read: (name) => ask(`a look at the lease of ${name}`, () => marks.read(name)),
      write: (name, holder, after) =>
        ask(holder === '' ? `the end of the lease of ${name}` : `the claim to ${name}`, () =>
          marks.write(name, holder, after),
        ),
      close: () => Promise.resolve(),
    });
  }
}
