import { Agent, type Dispatcher, request } from 'undici';
import { decodeMessage, encodeMessage, type Message, type MessageKind } from './protocol/message';
import { MAX_MESSAGE_LENGTH } from './protocol/parseXml';
import { type Answer, type Vtn, VtnError } from './Vtn';

/** A client's certificate and key, and whom it trusts: PEM texts. */
export interface TlsOptions {
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly ca?: string | undefined;
}

export interface HttpVtnOptions {
  /** Where the VTN is, without the path of the standard: `https://vtn.example.com`. */
  readonly url: string;
  readonly tls?: TlsOptions | undefined;
  /** How long the VTN may take to answer, and between two parts of its answer, in real ms. */
  readonly timeout: number;
}

const PATH = '/OpenADR2/Simple/2.0b';

/** A VTN over simple HTTP, pulled. Messages are not signed. */
export class HttpVtn implements Vtn {
  private readonly base: string;
  private readonly dispatcher: Dispatcher;

  constructor({ url, tls = {}, timeout }: HttpVtnOptions) {
    this.base = url.replace(/\/+$/, '').replace(PATH, '') + PATH;
    const connect = Object.fromEntries(Object.entries(tls).filter(([, pem]) => pem !== undefined));
    this.dispatcher = new Agent({
      connect: { ...connect, timeout },
      headersTimeout: timeout,
      bodyTimeout: timeout,
      maxResponseSize: MAX_MESSAGE_LENGTH,
    });
  }

  async send(message: Message, signal: AbortSignal): Promise<Answer> {
    const url = `${this.base}/${serviceOf(message.kind)}`;
    const { statusCode, headers, text } = await this.post(url, encodeMessage(message), signal);
    if (statusCode < 200 || statusCode > 299) {
      throw new VtnError('http-status', `${url} answered with HTTP status ${statusCode}: ${beginning(text)}`);
    }
    const parsed = Date.parse(String(headers['date']));
    const date = Number.isNaN(parsed) ? undefined : parsed;
    if (text.trim() === '') return { message: undefined, date };
    const type = String(headers['content-type'] ?? 'application/xml');
    if (!/\bxml\b/i.test(type))
      throw new VtnError('bad-answer', `${url} answered with ${type}, not with XML`);
    return { message: read(url, text), date };
  }

  close(): void {
    void this.dispatcher.destroy();
  }

  private async post(url: string, body: string, signal: AbortSignal) {
    try {
      const answer = await request(url, {
        method: 'POST',
        headers: { 'content-type': 'application/xml', accept: 'application/xml' },
        body,
        signal,
        dispatcher: this.dispatcher,
      });
      return { ...answer, text: await answer.body.text() };
    } catch (cause) {
      if (signal.aborted) throw signal.reason;
      const { message } = cause as Error;
      throw new VtnError('unreachable', `${url} cannot be reached: ${message}`, { cause });
    }
  }
}

/** A VEN sends an `oadrResponse` in one place only: to acknowledge that it is to register again. */
function serviceOf(kind: MessageKind): string {
  if (kind === 'oadrPoll') return 'OadrPoll';
  if (kind === 'oadrResponse' || /Registration|Reregistration/.test(kind)) return 'EiRegisterParty';
  return kind.includes('Report') ? 'EiReport' : 'EiEvent';
}

function read(url: string, text: string): Message {
  try {
    return decodeMessage(text);
  } catch (cause) {
    throw new VtnError('bad-answer', `${url} answered with ${(cause as Error).message}`, { cause });
  }
}

function beginning(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}
