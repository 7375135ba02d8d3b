import type { JsMsg } from '@nats-io/jetstream';
import type { AgentError } from '../../AgentError';
import type { KeptMessage } from '../../messages/bus/Bus';
import type { Payload } from '../../messages/payloads/Payload';
import { Received } from '../wire/Received';

/** A message with the ways to say what has become of it. */
export class TakenMessage extends Received implements KeptMessage {
  readonly attempt: number;
  readonly settle: () => void;
  readonly fail: (cause: unknown) => void;
  readonly release: () => void;

  constructor(
    topic: string,
    { payload, unreadable }: { readonly payload: Payload; readonly unreadable?: AgentError },
    message: JsMsg,
    { attempt, settle, fail, release }: Pick<KeptMessage, 'attempt' | 'settle' | 'fail' | 'release'>,
  ) {
    const { headers } = message;
    super(topic, payload, headers === undefined ? {} : { headers }, unreadable);
    this.attempt = attempt;
    this.settle = settle;
    this.fail = fail;
    this.release = release;
  }
}
