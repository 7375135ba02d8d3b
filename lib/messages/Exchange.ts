import type { IntrusiveList, Linked } from '../handlers/IntrusiveList';
import type { Rank } from '../time/rank';
import type { Reply, Server } from './Bus';
import type { Payload } from './json';

/** A request under way in memory, until it is answered or called off. */
export class Exchange implements Linked<Exchange> {
  before: Exchange | undefined;
  behind: Exchange | undefined;
  private isOver = false;
  private callOffServer: (() => void) | undefined;

  constructor(
    readonly procedure: string,
    private readonly payload: Payload,
    readonly rank: Rank,
    private readonly onAnswer: (reply: Reply) => void,
    private readonly all: IntrusiveList<Exchange>,
  ) {
    all.add(this);
  }

  begin(server: Server | undefined): void {
    if (this.isOver) return;
    if (server === undefined) {
      this.answer({ isOk: false, code: 'unreachable', message: 'nobody serves it' });
      return;
    }
    this.callOffServer = server(this.payload, (reply) => {
      this.answer(reply);
    });
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
    this.all.remove(this);
  }
}
