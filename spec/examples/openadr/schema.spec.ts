import { encodeMessage, type Message, MESSAGE_KINDS } from '../../../examples/openadr/ven/protocol/message';
import { describeWith, SCHEMAS } from './support/recorded';
import { samples } from './support/samples';
import { validate } from './support/validate';

describeWith(SCHEMAS, "the standard's schemas", () => {
  it('accept a message of each kind, with all that it can have', async () => {
    const written = MESSAGE_KINDS.map((kind) => encodeMessage({ kind, body: samples[kind] } as Message));
    expect(await validate(written)).toEqual([]);
  });

  it('refuse what does not fit, so that this spec can fail', async () => {
    const poll = encodeMessage({ kind: 'oadrPoll', body: { venId: 'v' } });
    expect(await validate([poll.replaceAll('ei:venID', 'ei:vtnID')])).toHaveLength(1);
  });
});
