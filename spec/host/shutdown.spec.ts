import fc from 'fast-check';
import { join } from 'node:path';
import { type HostEffect, type HostEvent, type HostState, hostStep, RUNNING } from '../../lib/host/shutdown';
import { listOf, readTable } from '../docs/support/readTable';

const table = readTable(join(__dirname, '../../docs/lives.md'), 'host');
const events: HostEvent[] = ['stop', 'agents-stopped', 'bus-closed', 'deadline'];
const states = (['running', 'stopping', 'closing', 'stopped'] as const).flatMap((stage) =>
  [false, true].map((isLate): HostState => ({ stage, isLate })),
);

describe('The table of the life of a host', () => {
  it.each(events)('is what the function does at %s, in every state', (event) => {
    for (const state of states) {
      const row = table.find(
        (one) => one['stage'] === state.stage && one['event'] === event && (one['if'] === '' || state.isLate),
      );
      const [next, effects] = hostStep(state, event);
      expect([state, next.stage, effects]).toEqual([
        state,
        row?.['next stage'] ?? state.stage,
        listOf(row?.['what is done']),
      ]);
    }
  });

  it('settles once, whatever comes when, and at the deadline at the latest', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events), { maxLength: 12 }), (given) => {
        let state = RUNNING;
        const done: HostEffect[] = [];
        const send = (event: HostEvent): void => {
          const [next, effects] = hostStep(state, event);
          state = next;
          done.push(...effects);
        };
        for (const event of ['stop' as const, ...given]) send(event);
        // Agents that are hurried stop at once; behind that the last instant is armed as a deadline, too.
        for (const event of ['deadline', 'agents-stopped', 'deadline'] as const) send(event);
        expect(state.stage).toBe('stopped');
        for (const effect of ['stop agents', 'release', 'close bus', 'settle'] as const)
          expect(done.filter((one) => one === effect)).toHaveLength(1);
      }),
      { numRuns: 2000 },
    );
  });
});
