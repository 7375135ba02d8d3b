import { marbleTest } from 'rx-agent-kit/testing';
import { EVIL_ERRORS } from './support/evilErrors';
import { HOSTILE_CALLBACKS } from './support/hostileCallbacks';
import { evilOf, liveAmongOthers, OTHERS } from './support/liveAmongOthers';

describe.each(Object.entries(HOSTILE_CALLBACKS))('%s', (_name, callback) => {
  it(
    'harms nobody else, is told once, and leaves nothing, whatever it throws',
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
