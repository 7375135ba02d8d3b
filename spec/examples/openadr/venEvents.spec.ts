import { marbleTest, type MarbleHelpers } from 'rx-agent-kit/testing';
import { message } from '../../../examples/openadr/ven/protocol/message';
import type { EiEvent } from '../../../examples/openadr/ven/protocol/event';
import type { Decide } from '../../../examples/openadr/ven/receive';
import { target } from '../../../examples/openadr/ven/protocol/target';
import { drEvent, levels, MINUTE } from './support/drEvent';
import { playVen } from './support/playVen';

/** How a VEN answers one event. */
async function answerTo(
  helpers: MarbleHelpers,
  event: EiEvent,
  decide: Decide = () => 'optIn',
): Promise<readonly string[]> {
  const { vtn, stop, clock } = await playVen(helpers, { decide });
  vtn.events.push(event);
  await clock.sleep('30s');
  await stop();
  return vtn
    .all('oadrCreatedEvent')
    .flatMap(({ body }) => body.eventResponses?.list ?? [])
    .map(({ code, opt }) => `${code} ${opt}`);
}

describe('the decision on an event', () => {
  it.each<[string, Decide, string]>([
    ['opts in', () => 'optIn', '200 optIn'],
    ['opts out', () => 'optOut', '200 optOut'],
    ['may take a while', async (_event, { sleep }) => sleep('5s').then(() => 'optIn' as const), '200 optIn'],
    [
      'opts out when it takes too long',
      async (_event, { sleep }) => sleep('1m').then(() => 'optIn' as const),
      '200 optOut',
    ],
    ['opts out when it fails', () => Promise.reject(new Error('no idea')), '200 optOut'],
  ])('%s', async (_title, decide, answer) => {
    await marbleTest(async (helpers) => {
      expect(await answerTo(helpers, drEvent(), decide)).toEqual([answer]);
    })();
  });

  it(
    'keeps an event that was opted out of from the site',
    marbleTest(async (helpers) => {
      const { vtn, stop, clock, steps, signals } = await playVen(helpers, { decide: () => 'optOut' });
      vtn.events.push(drEvent());
      await clock.sleep('1h');
      await stop();
      expect(steps).toEqual([]);
      expect(signals).toEqual(['0.05 idle 0']);
    }),
  );
});

describe('a bad event', () => {
  it.each<[string, EiEvent, RegExp]>([
    ['without signals', drEvent({ signals: [] }), /^4\d\d optOut$/],
    [
      'with a signal that is not known',
      drEvent({ signals: [{ ...levels([30, 1]), name: 'MOOD' }] }),
      /^460 optOut$/,
    ],
    ['for another VEN', { ...drEvent(), target: target({ venIds: ['somebody-else'] }) }, /^462 optOut$/],
  ])('%s is answered with a code of its own', async (_what, event, answer) => {
    await marbleTest(async (helpers) => {
      expect(await answerTo(helpers, event)).toEqual([expect.stringMatching(answer)]);
    })();
  });

  it(
    'does not cost the others of its message',
    marbleTest(async (helpers) => {
      const { vtn, stop, clock, steps } = await playVen(helpers);
      vtn.events.push(drEvent({ id: 'bad', signals: [] }), drEvent({ id: 'good' }));
      await clock.sleep('11m');
      await stop();
      expect(steps).toEqual(['10 active 1']);
    }),
  );
});

describe('an event whose answer cannot be sent', () => {
  it(
    'is followed all the same, and answered later',
    marbleTest(async (helpers) => {
      const { vtn, stop, clock, steps } = await playVen(helpers);
      vtn.events.push(drEvent());
      let failures = 3;
      vtn.script = ({ kind }) =>
        kind === 'oadrCreatedEvent' && failures-- > 0 ? new Error('the line is cut') : undefined;
      await clock.sleep('11m');
      await stop();
      expect(steps).toEqual(['10 active 1']);
      expect(vtn.all('oadrCreatedEvent').length).toBe(4);
    }),
  );
});

describe('a VEN that is told something else', () => {
  it(
    'is not asked to answer an event: it does not',
    marbleTest(async (helpers) => {
      const { vtn, stop, clock } = await playVen(helpers);
      vtn.queue.push(
        message('oadrDistributeEvent', {
          requestId: 'd1',
          vtnId: 'vtn-1',
          events: [{ event: drEvent(), responseRequired: 'never' }],
        }),
      );
      await clock.sleep('30s');
      await stop();
      expect(vtn.all('oadrCreatedEvent')).toEqual([]);
    }),
  );

  it(
    'registers anew when it is asked to',
    marbleTest(async (helpers) => {
      const { vtn, stop, clock } = await playVen(helpers);
      vtn.queue.push(message('oadrRequestReregistration', { venId: 'ven-1' }));
      await clock.sleep('30s');
      await stop();
      expect(vtn.all('oadrCreatePartyRegistration')).toHaveLength(2);
    }),
  );

  it(
    'replaces its client when its config changes, and leaves the VTN that it was with',
    marbleTest(async (helpers) => {
      const { vtn, ven, stop, clock } = await playVen(helpers);
      vtn.events.push(drEvent({ start: 5 * MINUTE }));
      await clock.sleep('1m');
      ven.configure({ venName: 'another', vtnUrl: 'https://other.example.com' });
      await clock.sleep('1m');
      expect(vtn.closed).toBe(1);
      expect(vtn.all('oadrCancelPartyRegistration')).toHaveLength(1);
      expect(vtn.all('oadrCreatePartyRegistration').map(({ body }) => body.venName)).toEqual([
        'my ven',
        'another',
      ]);
      await stop();
    }),
  );
});
