import { marbleTest } from 'rx-agent-kit/testing';
import { EVIL_ERRORS } from './support/evilErrors';
import { HOSTILE_HANDLERS } from './support/hostileHandlers';
import { HOSTILE_LIVES } from './support/hostileLives';
import { HOSTILE_OBSERVERS } from './support/hostileObservers';
import { HOSTILE_PORTS } from './support/hostilePorts';
import { evilOf, liveAmongOthers, OTHERS } from './support/liveAmongOthers';

const CALLBACKS = { ...HOSTILE_HANDLERS, ...HOSTILE_OBSERVERS, ...HOSTILE_PORTS, ...HOSTILE_LIVES };

/**
 * Each kind of error that cannot be read is thrown by one agent of a host of its own, all of them in one marble test.
 * Jest itself lets a test fail in which a rejection is unhandled or an exception is not caught.
 */
describe.each(Object.entries(CALLBACKS))('%s, when it throws what cannot be read', (_name, callback) => {
  it(
    'harms no other agent, is told once, and leaves nothing',
    marbleTest(async ({ clock }) => {
      const kinds = Object.entries(EVIL_ERRORS);
      const seen = await Promise.all(
        kinds.map(([, make]) => liveAmongOthers(callback, evilOf(make()), clock)),
      );
      const expected = {
        codes: callback.codes,
        ticks: callback.startsNobody === true ? 0 : OTHERS * 2,
        rejects: callback.rejects === true ? 1 : 0,
        left: [],
        after: [],
      };
      expect(Object.fromEntries(kinds.map(([kind], index) => [kind, seen[index]]))).toEqual(
        Object.fromEntries(kinds.map(([kind]) => [kind, expected])),
      );
    }),
  );
});
