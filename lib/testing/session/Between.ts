import type { Leases } from '../../store/leases/Leases';
import { memoryStore } from '../../store/memoryStore';
import type { Store } from '../../store/Store';
import type { Timers } from '../../time/queue/Timers';
import { type RandomSource, seededRandom } from '../../time/spans/random';
import { type Draws, randomDraws } from '../network/Draws';
import { toQualities } from '../network/options';
import { Servers } from '../network/Servers';
import { FIRST } from './Crashes';
import { FirstLeases } from './FirstLeases';
import type { MarbleOptions } from './options';
import type { TestBus } from './TestBus';
import { type ClockOf, TestHostNetwork } from './TestNetwork';

/** What it is made of. */
export interface Ends {
  readonly random: RandomSource;
  readonly options: MarbleOptions;
  /** What a search makes of the network. */
  readonly draws: Draws | undefined;
  /** Whose time that of the servers is. */
  readonly timers: Timers;
  readonly clockOf: ClockOf;
  firstBus(): TestBus;
}

/** What is between the hosts of a test, and the servers on it: each is made when somebody needs it. */
export class Between {
  private made: TestHostNetwork | undefined;
  private madeServers: Servers | undefined;
  private madeLeases: FirstLeases | undefined;
  private isJoined = false;

  constructor(private readonly ends: Ends) {}

  /** The network, once somebody asks for it: then the first host is on it with its bus, since there may be others. */
  get network(): TestHostNetwork {
    if (!this.isJoined) {
      this.isJoined = true;
      this.roads.join(FIRST, this.ends.firstBus());
    }
    return this.roads;
  }

  /** The leases of the first host. */
  get firstLeases(): Leases {
    return {
      open: (...who) => this.roads.leases(FIRST).open(...who),
      atOnce: this.leasesAtOnce,
    };
  }

  /** There is another host from now on. */
  share(): void {
    this.leasesAtOnce.share();
  }

  /** What a host has of the store. */
  storeOf(host: string): Store {
    return { open: (...who) => this.roads.store(host).open(...who) };
  }

  private get leasesAtOnce(): FirstLeases {
    return (this.madeLeases ??= new FirstLeases(this.servers.marks, () => this.roads.isCutOff(FIRST)));
  }

  private get servers(): Servers {
    const { options, timers } = this.ends;
    return (this.madeServers ??= new Servers(options.store ?? memoryStore(), () => timers));
  }

  private get roads(): TestHostNetwork {
    return (this.made ??= this.make());
  }

  private make(): TestHostNetwork {
    const { random, draws, options, clockOf } = this.ends;
    const { network = {} } = options;
    const drawn = network.seed === undefined ? random : seededRandom(network.seed);
    return new TestHostNetwork(toQualities(network), draws ?? randomDraws(drawn), this.servers, clockOf);
  }
}
