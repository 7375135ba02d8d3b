import type { Clock } from '../../../lib/time/clock/Clock';
import { onHostTurn } from '../../../lib/time/clock/hostTurn';
import { markOwnClock } from '../../../lib/time/clock/ownClocks';
import { TurnClock } from '../../../lib/time/clock/TurnClock';

const hostTurn = () => new Promise<void>((resolve) => onHostTurn(resolve));

/** A clock that shows a ms more each time that it is read. */
function countingClock(): Clock {
  let now = 0;
  return { now: () => ++now, wallNow: () => 0, wakeAt: () => undefined, cancel: () => undefined };
}

function onOwnClock(): TurnClock {
  const clock = countingClock();
  markOwnClock(clock);
  return new TurnClock(clock);
}

describe('TurnClock', () => {
  it('reads its clock once a turn, which ends behind the microtasks that are queued by then', async () => {
    const turn = onOwnClock();
    expect([turn.now(), turn.now()]).toEqual([1, 1]);
    await Promise.resolve();
    expect([turn.now(), turn.now()]).toEqual([2, 2]);
  });

  it('reads it once a turn of the host for what is only shown', async () => {
    const turn = onOwnClock();
    expect(turn.lately().at).toBe(1);
    await Promise.resolve();
    expect(turn.lately().at).toBe(1);
    await hostTurn();
    expect(turn.lately().at).toBe(2);
  });

  it('shows nothing older than what has been read since', async () => {
    const turn = onOwnClock();
    expect(turn.lately().at).toBe(1);
    expect(turn.now()).toBe(2);
    expect(turn.lately().at).toBe(2);
    await Promise.resolve();
    expect(turn.lately().at).toBe(2);
    await hostTurn();
    expect(turn.lately().at).toBe(3);
  });

  it('shows the very instant of a clock that may come to another one within a turn of the host', async () => {
    const turn = new TurnClock(countingClock());
    expect(turn.lately().at).toBe(1);
    await Promise.resolve();
    expect(turn.lately().at).toBe(2);
  });
});
