import { badOption } from '../../options/checkOptions';
import type { Draws } from '../network/Draws';
import { HostNetwork, type SimulatedNetwork } from '../network/HostNetwork';
import type { Qualities } from '../network/options';
import type { Servers } from '../network/Servers';
import type { HostClock } from '../../time/virtual/HostClock';
import { type Duration, toMs } from '../../time/spans/duration';

/** What is between the hosts of a marble test. */
export interface TestNetwork extends SimulatedNetwork {
  /**
   * Lets one host stand still for a span, as a process that is stopped does, or a machine that sleeps: what is due there
   * meanwhile, and what comes to it, waits; then it goes on, and sees by its clock how late it is. The test's own host
   * shares its time with the body; `clock.stall` lets all stand still.
   *
   * @throws AgentError `bad-duration`, or `bad-option` for a host that is not there
   */
  stall(host: string, span: Duration): void;
}

/** Finds the clock of a host of the test. */
export type ClockOf = (host: string) => HostClock | undefined;

export class TestHostNetwork extends HostNetwork implements TestNetwork {
  constructor(
    qualities: Qualities,
    draws: Draws,
    servers: Servers,
    private readonly clockOf: ClockOf,
  ) {
    super(qualities, draws, servers);
  }

  stall(host: string, span: Duration): void {
    const ms = toMs(span);
    const clock = this.clockOf(host);
    if (clock === undefined)
      throw badOption('stall', 'host', host, "has to be one that the test has asked for: host('b')");
    clock.stallUntil(clock.now() + ms);
  }
}
