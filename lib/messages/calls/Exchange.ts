import type { IntrusiveList, Linked } from '../../handlers/policies/IntrusiveList';
import { captureContext } from '../../time/present/Context';
import type { Rank } from '../../time/queue/rank';
import type { Reply, Server } from '../bus/Bus';
import type { Item } from '../memory/Dispatch';
import type { Payload } from '../payloads/Payload';
import type { Reading } from '../payloads/Reading';

/** Where an exchange takes place: who serves, and what is under way. */
export interface Exchanges {
  readonly servers: ReadonlyMap<string, Server>;
  readonly open: IntrusiveList<Exchange>;
  /** Is told what a server has thrown. */
  onError(error: unknown): void;
}

/** A request under way in memory, until it is answered or called off. */
export class Exchange implements Item, Linked<Exchange> {
  before: Exchange | undefined;
  behind: Exchange | undefined;
  readonly context = captureContext();
  private isOver = false;
  private callOffServer: (() => void) | undefined;

  constructor(
    private readonly all: Exchanges,
    readonly procedure: string,
    private readonly payload: Payload,
    readonly rank: Rank,
    private readonly onAnswer: (reply: Reply) => void,
    private readonly reading: Reading | undefined,
  ) {
    all.open.add(this);
  }

  handOver(): void {
    if (this.isOver) return;
    const server = this.all.servers.get(this.procedure);
    if (server === undefined) {
      this.answer({ isOk: false, code: 'unreachable', message: 'nobody serves it' });
      return;
    }
    try {
      this.callOffServer = server(
        this.payload,
        (reply) => {
          this.answer(reply);
        },
        this.reading,
      );
    } catch (error) {
      this.all.onError(error);
    }
  }

  answer(reply: Reply): void {
    if (this.isOver) return;
    this.end();
    this.onAnswer(reply);
  }

  callOff(): void {
    if (this.isOver) return;
    this.end();
    this.callOffServer?.();
  }

  private end(): void {
    this.isOver = true;
    this.all.open.remove(this);
  }
}
