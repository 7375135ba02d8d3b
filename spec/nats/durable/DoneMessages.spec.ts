import type { JsMsg } from '@nats-io/jetstream';
import { DoneMessages } from '../../../lib/nats/durable/DoneMessages';

const message = (streamSequence: number, timestampNanos = 1) =>
  ({ info: { streamSequence, timestampNanos }, reply: `ack.${streamSequence}` }) as unknown as JsMsg;

describe('DoneMessages', () => {
  it('knows the last ones, and where it is to be said of them', () => {
    const done = new DoneMessages(2);
    for (const seq of [1, 2, 3]) done.add(message(seq));
    expect([1, 2, 3].map((seq) => done.has(message(seq)))).toEqual([false, true, true]);
    const said: string[] = [];
    done.forEach((reply) => said.push(reply));
    expect(said.sort()).toEqual(['ack.2', 'ack.3']);
  });

  it('takes a message of a stream that was made anew for another one', () => {
    const done = new DoneMessages(2);
    done.add(message(1, 1000));
    expect(done.has(message(1, 2000))).toBe(false);
  });
});
