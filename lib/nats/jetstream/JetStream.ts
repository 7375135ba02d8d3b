import type { AgentError } from '../../AgentError';
import type { Link } from '../connection/Link';
import { toHeaders } from '../wire/Packet';

/** What the server says is wrong, by its own number. */
interface ApiError {
  readonly code: number;
  readonly err_code: number;
  readonly description: string;
}

export const WRONG_LAST_SEQUENCE = 10071;
const STREAM_NAME_IN_USE = 10058;
const NOT_FOUND = 404;

/** A message of a stream, as it is kept. */
export interface KeptMessage {
  readonly subject: string;
  readonly seq: number;
  /** As they were written. */
  readonly headers: string;
  readonly data: Uint8Array;
}

/** What the kit asks of JetStream, as the server's protocol has it. */
export class JetStream {
  constructor(readonly link: Link) {}

  /** Makes a stream, if there is none of that name; one that is there is left as it is. */
  async ensureStream(config: { readonly name: string } & Readonly<Record<string, unknown>>): Promise<void> {
    const { error } = await this.call<object>(`STREAM.CREATE.${config.name}`, config);
    if (error !== undefined && error.err_code !== STREAM_NAME_IN_USE)
      throw this.failed('make', config.name, error);
  }

  /** The last message of a subject; undefined if there is none. */
  async lastOf(stream: string, subject: string): Promise<KeptMessage | undefined> {
    const { error, message } = await this.call<{
      readonly message?: {
        readonly subject: string;
        readonly seq: number;
        readonly hdrs?: string;
        readonly data?: string;
      };
    }>(`STREAM.MSG.GET.${stream}`, { last_by_subj: subject });
    if (error?.code === NOT_FOUND) return undefined;
    if (error !== undefined || message === undefined) throw this.failed('read', stream, error);
    const { hdrs = '', data = '', ...rest } = message;
    const headers = Buffer.from(hdrs, 'base64').toString('utf8');
    return { ...rest, headers, data: Buffer.from(data, 'base64') };
  }

  /** All subjects of a stream that fit, each with how many messages it has. */
  async subjectsOf(stream: string, filter: string): Promise<string[]> {
    const found: string[] = [];
    for (;;) {
      const { error, state } = await this.call<{
        readonly state?: {
          readonly subjects?: Readonly<Record<string, number>>;
          readonly num_subjects?: number;
        };
      }>(`STREAM.INFO.${stream}`, { subjects_filter: filter, offset: found.length });
      if (error?.code === NOT_FOUND) return [];
      if (error !== undefined) throw this.failed('read', stream, error);
      const page = Object.keys(state?.subjects ?? {});
      found.push(...page);
      if (page.length === 0 || found.length >= (state?.num_subjects ?? 0)) return found;
    }
  }

  /**
   * Appends a message to its subject, if the last one there is the one that is meant.
   *
   * @param after the sequence number of that one; 0 for none
   * @returns its own sequence number; undefined if another one is the last
   */
  async append(subject: string, data: Uint8Array, lines: string, after: number): Promise<number | undefined> {
    const expected = `Nats-Expected-Last-Subject-Sequence: ${after}\r\n`;
    const reply = await this.link.ask(subject, data, toHeaders(lines + expected));
    const { error, seq } = reply.json<{ readonly error?: ApiError; readonly seq?: number }>();
    if (error?.err_code === WRONG_LAST_SEQUENCE) return undefined;
    if (error !== undefined || seq === undefined) throw this.failed('append to', subject, error);
    return seq;
  }

  /** Forgets what a subject has before a message. */
  async purge(stream: string, subject: string, before: number): Promise<void> {
    const { error } = await this.call(`STREAM.PURGE.${stream}`, { filter: subject, seq: before });
    if (error !== undefined) throw this.failed('purge', stream, error);
  }

  async call<Reply>(what: string, request: object): Promise<Reply & { readonly error?: ApiError }> {
    const reply = await this.link.ask(`$JS.API.${what}`, JSON.stringify(request));
    return reply.json<Reply & { readonly error?: ApiError }>();
  }

  failed(verb: string, where: string, error: ApiError | undefined): AgentError {
    const why = error?.description ?? 'the server gives an answer that has no sense';
    return this.link.toError(`${this.link.what} cannot ${verb} ${where}`, new Error(why));
  }
}
