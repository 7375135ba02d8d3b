import type { Duration } from 'rx-agent-kit';
import type { TestClock } from '../../../../lib/testing/session/TestClock';
import type { EiEvent } from '../../../../examples/openadr/ven/protocol/event';
import {
  type Body,
  decodeMessage,
  encodeMessage,
  type Message,
  message,
  type MessageKind,
} from '../../../../examples/openadr/ven/protocol/message';
import type { ReportRequest } from '../../../../examples/openadr/ven/protocol/report';
import { type Answer, type Vtn, VtnError } from '../../../../examples/openadr/ven/Vtn';

export const VEN_ID = 'ven-1';

/** What a scripted VTN may answer with: a message, any text, or what is thrown. */
export type Script = (request: Message) => Message | string | Error | undefined;

/** A VTN in virtual time. All that goes over it is written as XML and read again. */
export class FakeVtn implements Vtn {
  /** What came in, and when. */
  readonly log: { readonly at: number; readonly message: Message }[] = [];
  readonly events: EiEvent[] = [];
  readonly wanted: ReportRequest[] = [];
  /** What the next polls bring, one each. */
  readonly queue: Message[] = [];
  latency: Duration = '100ms';
  pollInterval = 10_000;
  isDown = false;
  skew: number | undefined;
  closed = 0;
  /** Answers before the rest of this VTN does. */
  script: Script = () => undefined;
  private dirty = false;
  private readonly origin: number;

  constructor(private readonly clock: TestClock) {
    this.origin = clock.now();
  }

  /** Has the next poll bring all events. */
  distribute(...events: readonly EiEvent[]): void {
    this.events.splice(0, Infinity, ...events);
    this.dirty = true;
  }

  /** The kinds of what came in, each with its second. */
  get talk(): readonly string[] {
    return this.log.map(({ at, message: { kind } }) => `${at / 1000} ${kind.slice('oadr'.length)}`);
  }

  all<K extends MessageKind>(kind: K): readonly { readonly at: number; readonly body: Body<K> }[] {
    return this.log.flatMap(({ at, message: sent }) =>
      sent.kind === kind ? [{ at, body: sent.body as Body<K> }] : [],
    );
  }

  async send(request: Message, signal: AbortSignal): Promise<Answer> {
    const sent = decodeMessage(encodeMessage(request));
    this.log.push({ at: this.clock.now() - this.origin, message: sent });
    await this.clock.sleep(this.latency);
    signal.throwIfAborted();
    if (this.isDown) throw new VtnError('unreachable', 'nobody is there');
    const answer = this.script(sent) ?? this.answer(sent);
    if (answer instanceof Error) throw answer;
    const date = this.skew === undefined ? undefined : this.clock.wallNow() + this.skew;
    try {
      return { message: decodeMessage(typeof answer === 'string' ? answer : encodeMessage(answer)), date };
    } catch (cause) {
      throw new VtnError('bad-answer', `the VTN answered with ${(cause as Error).message}`, { cause });
    }
  }

  close(): void {
    this.closed++;
  }

  list(requestId = 'list'): Message<'oadrDistributeEvent'> {
    const events = this.events.map((event) => ({ event, responseRequired: 'always' as const }));
    return message('oadrDistributeEvent', { requestId, vtnId: 'vtn-1', events });
  }

  private answer({ kind, body }: Message): Message {
    const requestId = 'requestId' in body ? body.requestId : '';
    const response = { code: '200', description: 'OK', requestId };
    switch (kind) {
      case 'oadrQueryRegistration':
      case 'oadrCreatePartyRegistration': {
        const ids = kind === 'oadrQueryRegistration' ? {} : { registrationId: 'reg-1', venId: VEN_ID };
        const profiles = {
          list: [{ name: '2.0b' as const, transports: { names: ['simpleHttp' as const] } }],
        };
        return message('oadrCreatedPartyRegistration', {
          response,
          ...ids,
          vtnId: 'vtn-1',
          profiles,
          pollInterval: this.pollInterval,
        });
      }
      case 'oadrCancelPartyRegistration':
        return message('oadrCanceledPartyRegistration', { response, registrationId: 'reg-1', venId: VEN_ID });
      case 'oadrRegisterReport':
        return message('oadrRegisteredReport', { response, requests: this.wanted, venId: VEN_ID });
      case 'oadrUpdateReport':
        return message('oadrUpdatedReport', { response, venId: VEN_ID });
      case 'oadrRequestEvent':
        this.dirty = false;
        return this.list();
      case 'oadrPoll':
        return this.news() ?? message('oadrResponse', { response, venId: VEN_ID });
      default:
        return message('oadrResponse', { response, venId: VEN_ID });
    }
  }

  private news(): Message | undefined {
    if (!this.dirty) return this.queue.shift();
    this.dirty = false;
    return this.list();
  }
}
