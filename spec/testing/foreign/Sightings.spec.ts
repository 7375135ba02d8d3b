import fc from 'fast-check';
import { Sightings } from '../../../lib/testing/foreign/Sightings';

describe('Sightings', () => {
  it('knows each run that goes on, and none that has ended, however long they last', () => {
    const step = fc.record({ what: fc.constantFrom('start', 'start', 'see', 'end'), which: fc.nat() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 2000, size: 'max' }), (steps) => {
        const sightings = new Sightings();
        const model = new Map<number, number>();
        let runs = 0;
        steps.forEach(({ what, which }, at) => {
          if (what === 'start') {
            sightings.add(++runs, `handler ${runs}`, at);
            model.set(runs, at);
            return;
          }
          const run = which % (runs + 2);
          const seen = sightings.of(run);
          expect(seen?.at).toBe(model.get(run));
          if (seen === undefined) return;
          expect(seen.handler).toBe(`handler ${run}`);
          if (what === 'see') {
            seen.at = at;
            model.set(run, at);
          } else {
            sightings.end(seen);
            model.delete(run);
          }
        });
        for (let run = 0; run <= runs; run++) expect(sightings.of(run)?.at).toBe(model.get(run));
      }),
      { numRuns: 10 },
    );
  });
});
