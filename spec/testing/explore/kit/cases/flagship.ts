import { playVen } from '../../../../examples/openadr/support/playVen';
import { drEvent, levels } from '../../../../examples/openadr/support/drEvent';
import { VtnError } from '../../../../../examples/openadr/ven/Vtn';
import type { ExploreBody } from 'rx-agent-kit/testing';
import type { KitCase } from '../KitCase';

const MINUTE = 60_000;

/** A VEN and its VTN, over some minutes with an event, on a network that is away now and then. */
const minutes: ExploreBody = async (helpers) => {
  const { clock, always, eventually, choose } = helpers;
  const play = await playVen(helpers);
  const { vtn, signals, steps, errors } = play;
  let failures = 0;
  vtn.pollInterval = 30_000;
  vtn.script = () => {
    if (failures >= 2 || choose(2, 'the VTN is unreachable') === 0) return undefined;
    failures++;
    return new VtnError('unreachable', 'chosen');
  };
  always(() => errors.length <= failures || fail(errors), 'what goes wrong is the network');
  eventually(
    () => signals.some((line) => line.includes('active 2')) || fail(signals),
    'the event is followed',
  );
  eventually(() => signals.at(-1)?.includes('idle') === true || fail(signals), 'it is over in the end');
  eventually(() => steps.length > 0 || fail(steps), 'it is told of');
  vtn.distribute(drEvent({ start: 2 * MINUTE, duration: 3 * MINUTE, signals: [levels([1, 1], [2, 2])] }));
  await clock.sleep('7m');
  await play.stop();
};

function fail(lines: readonly string[]): never {
  throw new Error(lines.join(', '));
}

// Less than the deadline of a stop: whoever stands still for longer than that has left something behind.
export const flagship: readonly KitCase[] = [
  { name: 'the VEN against its VTN', body: minutes, options: { stall: '0..2s' } },
];
