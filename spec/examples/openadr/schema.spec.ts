import { marbleTest } from 'rx-agent-kit/testing';
import {
  encodeMessage,
  type Message,
  message,
  MESSAGE_KINDS,
} from '../../../examples/openadr/ven/protocol/message';
import { drEvent, MINUTE } from './support/drEvent';
import { playVen } from './support/playVen';
import { describeWith, SCHEMAS } from './support/recorded';
import { reportRequest } from './support/reports';
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

  it('accept all that a VEN says in an hour with a difficult VTN', async () => {
    const said: Message[] = [];
    await marbleTest(async (helpers) => {
      const quality = 'Quality Bad - Last Known Value';
      const readings = [1.5, NaN, { value: 2, quality, accuracy: 0.5, confidence: 80 }, 3];
      const { vtn, stop, clock } = await playVen(helpers, {
        measure: ({ rId }) =>
          rId === 'state'
            ? { status: { isOnline: true, isOverridden: false } }
            : (readings[Math.floor(clock.now() / MINUTE) % readings.length] ?? 0),
        config: {
          reports: [
            { specifierId: 'usage', points: [{ rId: 'power', resourceId: 'r1' }, { rId: 'other' }] },
            { specifierId: 'status', name: 'TELEMETRY_STATUS', points: [{ rId: 'state' }] },
            { specifierId: 'past', name: 'HISTORY_USAGE', points: [{ rId: 'power' }] },
          ],
        },
      });
      const of = (specifierId: string, rId: string, requestId: string) =>
        reportRequest({ specifierId, payloads: [{ rId, readingType: 'x-notApplicable' }] }, requestId);
      vtn.wanted.push(of('usage', 'power', 'a'), of('status', 'state', 'b'), of('past', 'power', 'c'));
      vtn.events.push(drEvent(), drEvent({ id: 'bad', signals: [] }));
      await clock.sleep('20m');
      vtn.wanted.splice(0);
      vtn.queue.push(
        message('oadrCreateReport', { requestId: '1', requests: [of('weather', 'sun', 'd')] }),
        message('oadrCancelReport', { requestId: '2', reportRequestIds: ['a', 'z'], isReportToFollow: true }),
        message('oadrCreateReport', { requestId: '3', requests: [of('METADATA', 'METADATA', 'e')] }),
        message('oadrRegisterReport', { requestId: '4', reports: [] }),
        message('oadrUpdateReport', { requestId: '5', reports: [] }),
        message('oadrRequestReregistration', { venId: 'ven-1' }),
      );
      await clock.sleep('20m');
      vtn.queue.push(message('oadrCancelPartyRegistration', { requestId: '6', registrationId: 'reg-1' }));
      await clock.sleep('20m');
      await stop();
      said.push(...vtn.log.map((entry) => entry.message));
    })();
    expect(new Set(said.map(({ kind }) => kind)).size).toBe(13);
    expect(await validate(said.map(encodeMessage))).toEqual([]);
  });
});
