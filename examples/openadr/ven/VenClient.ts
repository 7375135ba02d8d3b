import type { RandomSource, Run } from 'rx-agent-kit';
import type { ReportOffer, VenConfig } from './config';
import { EventBook } from './EventBook';
import { History } from './History';
import { type Notebook, noNotebook, type VenNotes } from './Notebook';
import type { Message, MessageKind } from './protocol/message';
import { isGood, RESPONSE } from './protocol/response';
import { ReportBook } from './ReportBook';
import { fromNote, toNote } from './ReportJob';
import { type Vtn, VtnError } from './Vtn';
import { within } from './within';

/** A registration with a VTN, from its creation until it is cancelled or renewed. */
export interface Session {
  readonly client: VenClient;
  /** Whether it has begun in an earlier life: then the VTN knows of it all that there is to say at the beginning. */
  readonly isResumed: boolean;
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

/** Who the VEN is to the VTN, as the VTN has last said. It goes into the next registration. */
export interface Identity {
  readonly venId?: string | undefined;
  readonly registrationId?: string | undefined;
}

/** One client of one VTN, for as long as a config lasts. Nothing of it outlives a config update, and its notes its process. */
export class VenClient {
  readonly events: EventBook;
  readonly reports: ReportBook;
  private present: Session | undefined;
  private known: Identity;
  private toResume: VenNotes['session'];
  /** Whether the VTN knows what could be reported under the present registration, and what it wants of that is known. */
  hasOffered: boolean;
  isClosed = false;
  /** How many messages the VTN has answered well. */
  answered = 0;
  /** How far the VTN's clock is ahead of the own one, in ms, as far as its answers say. */
  clockSkew = 0;
  private readonly histories = new Map<string, History>();

  constructor(
    readonly config: VenConfig,
    private readonly vtn: Vtn,
    readonly wallNow: () => number,
    readonly random: RandomSource,
    private readonly notebook: Notebook = noNotebook,
  ) {
    const { events, reports, identity, session, hasOffered } = notebook.read(config);
    this.events = new EventBook(random, events, (known) => notebook.note({ events: known }));
    this.reports = new ReportBook(
      reports.map((note) => fromNote(this, note)),
      (pending) => notebook.note({ reports: pending.map(toNote) }),
    );
    this.known = identity ?? { venId: config.venId };
    this.toResume = session;
    this.hasOffered = hasOffered;
  }

  get session(): Session | undefined {
    return this.present;
  }

  set session(session: Session | undefined) {
    this.present = session;
    this.hasOffered = false;
    if (session === undefined) this.notebook.note({ session });
    else {
      const { venId, vtnId, registrationId, pollInterval } = session;
      this.notebook.note({
        session: { venId, vtnId, registrationId, pollInterval },
        hasOffered: false,
      });
    }
  }

  noteOffered(): void {
    if (!this.hasOffered) this.notebook.note({ hasOffered: true });
    this.hasOffered = true;
  }

  get identity(): Identity {
    return this.known;
  }

  set identity(identity: Identity) {
    this.known = identity;
    this.notebook.note({ identity });
  }

  /** Whether it is to go on with the registration of an earlier life. */
  get willResume(): boolean {
    return this.toResume !== undefined;
  }

  /** Goes on with the registration of an earlier life, if there is one. */
  resume(): Session | undefined {
    const { toResume } = this;
    this.toResume = undefined;
    if (toResume === undefined) return undefined;
    return (this.present = { ...toResume, client: this, isResumed: true });
  }

  /**
   * Asks the VTN, and resolves with an answer of one of the kinds.
   *
   * @throws VtnError, or Cancelled with the run
   */
  async ask<K extends MessageKind>(request: Message, run: Run, ...kinds: readonly K[]): Promise<Message<K>> {
    const answer = await this.send(request, run);
    const kind = kinds.find((wanted) => wanted === answer?.kind);
    if (kind === undefined)
      throw new VtnError('unexpected', `${described(answer)} is no answer to ${request.kind}`);
    this.answered++;
    return answer as Message<K>;
  }

  /**
   * Tells the VTN something that is only acknowledged: by an `oadrResponse`, or by an empty answer.
   *
   * @throws VtnError, or Cancelled with the run
   */
  async tell(request: Message, run: Run): Promise<void> {
    const answer = await this.send(request, run);
    if (answer !== undefined && answer.kind !== 'oadrResponse')
      throw new VtnError('unexpected', `${described(answer)} is no answer to ${request.kind}`);
    this.answered++;
  }

  /** Takes note that a registration is over, since the VTN has cancelled it or does not know it. */
  lose(responseCode?: string): void {
    this.session = undefined;
    const { venId } = responseCode === RESPONSE.invalidId ? this.config : this.identity;
    this.identity = { venId };
  }

  /** What has been measured for an offer of what is kept. */
  historyOf({ specifierId, duration }: ReportOffer): History {
    const history = this.histories.get(specifierId) ?? new History(duration);
    this.histories.set(specifierId, history);
    return history;
  }

  /** A span, longer or shorter by the jitter. */
  spread(ms: number): number {
    return ms * (1 + this.config.jitter * (2 * this.random() - 1));
  }

  /** A span, longer by the jitter and never shorter. */
  stretch(ms: number): number {
    return ms * (1 + this.config.jitter * this.random());
  }

  /** How long to wait behind so many failures in a row: a second, then each time twice as long. */
  backoff(failures: number): number {
    return this.spread(Math.min(1000 * 2 ** (failures - 1), this.config.maxBackoff));
  }

  close(): void {
    this.isClosed = true;
    this.present = undefined;
    this.vtn.close();
  }

  private async send(request: Message, run: Run): Promise<Message | undefined> {
    const { requestTimeout } = this.config;
    const { message, date } = await within(
      requestTimeout,
      run,
      async (signal) => this.vtn.send(request, signal).catch((error: unknown) => rethrow(error, signal)),
      () => {
        throw new VtnError('timeout', `no answer to ${request.kind} within ${requestTimeout} ms`);
      },
    );
    if (date !== undefined) this.clockSkew = date - this.wallNow();
    refuseBad(request, message);
    return message;
  }
}

/** Whatever a way to the VTN throws, the VTN could not be reached by it. */
function rethrow(error: unknown, signal: AbortSignal): never {
  if (error instanceof VtnError || signal.aborted) throw error;
  throw new VtnError(
    'unreachable',
    error instanceof Error ? error.message : 'the way to the VTN has failed',
    {
      cause: error,
    },
  );
}

function refuseBad(request: Message, answer: Message | undefined): void {
  const response = responseIn(answer);
  if (response === undefined || isGood(response)) return;
  throw new VtnError('refused', `${request.kind} was refused by ${described(answer)}`, {
    responseCode: response.code,
  });
}

function responseIn(answer: Message | undefined) {
  return answer !== undefined && 'response' in answer.body ? answer.body.response : undefined;
}

/** What an answer is, with the VTN's own code and words. */
function described(answer: Message | undefined): string {
  if (answer === undefined) return 'an empty answer';
  const { code = '', description = '' } = responseIn(answer) ?? {};
  return `${answer.kind} ${code} ${description}`.trim();
}
