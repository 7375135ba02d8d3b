import type { RandomSource, Run } from 'rx-agent-kit';
import type { VenConfig } from './config';
import { EventBook } from './EventBook';
import type { Message, MessageKind } from './protocol/message';
import { isGood } from './protocol/response';
import { type Vtn, VtnError } from './Vtn';
import { within } from './within';

/** A registration with a VTN, from its creation until it is cancelled or renewed. */
export interface Session {
  readonly client: VenClient;
  readonly venId: string;
  readonly vtnId: string;
  readonly registrationId: string;
  /** How often the VTN wants to be polled, in ms. */
  readonly pollInterval: number;
}

/** Whether a registration is the one that counts: it has neither been renewed nor left. */
export function isPresent(session: Session): boolean {
  return session.client.session === session;
}

/** One client of one VTN, for as long as a config lasts. Nothing of it outlives a config update. */
export class VenClient {
  readonly book: EventBook;
  session: Session | undefined;
  isClosed = false;
  /** How far the VTN's clock is ahead of the own one, in ms, as far as its answers say. */
  clockSkew = 0;

  constructor(
    readonly config: VenConfig,
    private readonly vtn: Vtn,
    readonly wallNow: () => number,
    readonly random: RandomSource,
  ) {
    this.book = new EventBook(random);
  }

  /**
   * Asks the VTN, and resolves with an answer of one of the kinds.
   *
   * @throws VtnError, or Cancelled with the run
   */
  async ask<K extends MessageKind>(request: Message, run: Run, ...kinds: readonly K[]): Promise<Message<K>> {
    const { requestTimeout } = this.config;
    const { message, date } = await within(
      requestTimeout,
      run,
      (signal) => this.vtn.send(request, signal),
      () => {
        throw new VtnError('timeout', `no answer to ${request.kind} within ${requestTimeout} ms`);
      },
    );
    if (date !== undefined) this.clockSkew = date - this.wallNow();
    refuseBad(request, message);
    const kind = kinds.find((wanted) => wanted === message.kind);
    if (kind !== undefined) return message as Message<K>;
    throw new VtnError('unexpected', `${message.kind} is no answer to ${request.kind}`);
  }

  /** A span, longer or shorter by the jitter. */
  spread(ms: number): number {
    return ms * (1 + this.config.jitter * (2 * this.random() - 1));
  }

  /** How long to wait behind so many failures in a row: a second, then each time twice as long. */
  backoff(failures: number): number {
    return this.spread(Math.min(1000 * 2 ** (failures - 1), this.config.maxBackoff));
  }

  close(): void {
    this.isClosed = true;
    this.session = undefined;
    this.vtn.close();
  }
}

function refuseBad(request: Message, { kind, body }: Message): void {
  if (!('response' in body) || body.response === undefined || isGood(body.response)) return;
  const { code, description = '' } = body.response;
  throw new VtnError('refused', `${request.kind} was refused by ${kind} ${code} ${description}`.trim(), {
    responseCode: code,
  });
}
