import { fenced } from '../../store/storeErrors';
import type { JetStream, KeptMessage } from '../jetstream/JetStream';
import { pull } from '../jetstream/pull';
import { newId } from '../newId';
import { parseHeaders } from '../wire/head';
import { type PartHead, readHead, type RecordKind, toLines, type Writer } from './records';
import { Replay } from './Replay';

/** The bytes of one message: less than servers take by default, headers included. */
const PART = 256 * 1024;
/** How often a message is tried, when others are before it each time. */
const TRIES = 10;

const utf8 = new TextEncoder();

/** Where a log is. */
export interface LogPlace {
  readonly host: string;
  readonly stream: string;
  readonly subject: string;
}

/**
 * A host's log, as one session writes it. Each message names the one that it comes behind, and the server refuses it if
 * another one is there: so nothing is written twice, and nothing by a session behind which another one has opened the
 * log.
 */
export class HostLog {
  private records = 0;

  private constructor(
    private readonly js: JetStream,
    private readonly place: LogPlace,
    private readonly writer: Writer,
    /** The sequence number of the last message. */
    private last: number,
  ) {}

  /**
   * Takes the log over, and gives it with what is in it. Whoever had it is refused from now on.
   *
   * @throws AgentError `store-fenced` if it is written under a later lease, or `bus-failed`
   */
  static async open(
    js: JetStream,
    place: LogPlace,
    fence: number,
  ): Promise<{ log: HostLog; replay: Replay }> {
    const { stream, subject } = place;
    const id = newId();
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      const last = await js.lastOf(stream, subject);
      const former = last && headOf(last)?.writer;
      if (former !== undefined && former.fence > fence) throw fenced(place.host);
      const number = (former?.number ?? 0) + 1;
      const log = new HostLog(js, place, { number, id, fence }, last?.seq ?? 0);
      if (!(await log.begin())) continue;
      const replay = new Replay();
      for await (const { message } of pull(js, stream, subject, log.last))
        replay.take(message.headers, message.data);
      return { log, replay };
    }
    throw js.link.toError(`${js.link.what} cannot open ${subject}`, new Error('others open it all the time'));
  }

  get session(): number {
    return this.writer.number;
  }

  /** The number of the next record. */
  next(): number {
    return ++this.records;
  }

  /**
   * Appends a record, all of it or nothing. It may be called again with the same number, when it is not known what has
   * become of it.
   *
   * @returns the sequence number of its first message
   * @throws AgentError `store-fenced`, or `bus-failed`
   */
  async append(kind: RecordKind, record: number, text: string): Promise<number> {
    const data = utf8.encode(text);
    const parts = Math.max(1, Math.ceil(data.length / PART));
    let first = 0;
    for (let part = 1; part <= parts; part++) {
      const head = { writer: this.writer, kind, record, part, parts };
      await this.appendPart(head, data.subarray((part - 1) * PART, part * PART));
      if (part === 1) first = this.last;
    }
    return first;
  }

  /** Forgets what is before a message. */
  forget(before: number): Promise<void> {
    return this.js.purge(this.place.stream, this.place.subject, before);
  }

  /** Whether it is this session's from now on. */
  private async begin(): Promise<boolean> {
    const head = { writer: this.writer, kind: 'open', record: 0, part: 1, parts: 1 } as const;
    const seq = await this.js.append(this.place.subject, utf8.encode('[]'), toLines(head), this.last);
    if (seq === undefined) return false;
    this.last = seq;
    return true;
  }

  private async appendPart(head: PartHead, data: Uint8Array): Promise<void> {
    const { js, place } = this;
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      const seq = await js.append(place.subject, data, toLines(head), this.last);
      if (seq !== undefined) {
        this.last = seq;
        return;
      }
      if (await this.isThere(head)) return;
    }
    const { link } = js;
    throw link.toError(`${link.what} cannot append to ${place.subject}`, new Error('others do all the time'));
  }

  /** Another message is the last one: this one, or one before it, of which no answer has come; or somebody else's. */
  private async isThere({ record, part }: PartHead): Promise<boolean> {
    const { js, place, writer } = this;
    const last = await js.lastOf(place.stream, place.subject);
    const head = last && headOf(last);
    if (last === undefined || head?.writer.id !== writer.id) throw fenced(place.host);
    this.last = last.seq;
    return head.record === record && head.part === part;
  }
}

function headOf({ headers }: KeptMessage): PartHead | undefined {
  return readHead(parseHeaders(headers));
}
