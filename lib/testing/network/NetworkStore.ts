import type { Json } from '../../store/Json';
import type { Change, OpenStore, Store, StoreContext } from '../../store/Store';
import { timersOf } from '../../time/queue/ForeignTimers';
import { ENDLESS } from '../../time/queue/rank';
import type { Timers } from '../../time/queue/Timers';
import type { ServerLink } from './ServerLink';

/** The store on the servers, as one host has it. */
export class NetworkStore implements Store {
  constructor(private readonly link: ServerLink) {}

  async open(host: string, { scheduler, fence }: StoreContext): Promise<OpenStore> {
    const { link } = this;
    const { servers } = link;
    const timers = timersOf(scheduler);
    const context = { scheduler: servers.timersFor(timers), ...(fence !== undefined && { fence }) };
    const session = await link.ask(
      `the opening of what ${host} has kept`,
      timers,
      timers.present.rank,
      async () => {
        const opened = await servers.store.open(host, context);
        return new ServedSession(opened, [...opened.read()]);
      },
    );
    return new NetworkSession(host, link, timers, session);
  }
}

/** The entries of a host on the servers, as one that has opened them is served. */
class ServedSession {
  /** The number of the last batch that was committed. */
  private done = 0;
  private line: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly opened: OpenStore,
    readonly entries: readonly (readonly [string, Json])[],
  ) {}

  /** A batch that comes again, since its answer was lost, is not committed twice. */
  commit(number: number, batch: readonly Change[]): Promise<void> {
    return this.inLine(async () => {
      if (number <= this.done) return;
      await this.opened.commit(batch);
      this.done = number;
    });
  }

  flush(): Promise<void> {
    return this.inLine(() => this.opened.flush());
  }

  close(): Promise<void> {
    return this.opened.close();
  }

  private inLine(work: () => Promise<void>): Promise<void> {
    const result = this.line.then(work);
    this.line = result.catch(() => undefined);
    return result;
  }
}

class NetworkSession implements OpenStore {
  private number = 0;
  /** The batch of which it is not known what has become. */
  private unsure: readonly Change[] | undefined;

  constructor(
    private readonly host: string,
    private readonly link: ServerLink,
    private readonly timers: Timers,
    private readonly session: ServedSession,
  ) {}

  read(): Iterable<readonly [string, Json]> {
    return this.session.entries;
  }

  async commit(batch: readonly Change[]): Promise<void> {
    const { session } = this;
    if (this.unsure !== batch) this.number++;
    const { number } = this;
    this.unsure = batch;
    await this.ask(`batch ${number} of what ${this.host} keeps`, () => session.commit(number, batch));
    this.unsure = undefined;
  }

  flush(): Promise<void> {
    return this.ask(`the flush of what ${this.host} has kept`, () => this.session.flush());
  }

  /** It holds up nothing: what was committed is there. */
  async close(): Promise<void> {
    const { link, timers, session, host } = this;
    await link
      .ask(`the end of what ${host} keeps`, timers, ENDLESS, () => session.close())
      .catch(() => undefined);
  }

  private ask(what: string, work: () => Promise<void>): Promise<void> {
    const { link, timers } = this;
    return link.ask(what, timers, timers.present.rank, work);
  }
}
