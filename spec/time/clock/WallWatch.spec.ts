import { VirtualClock } from '../../../lib/time/virtual/VirtualClock';
import { WallWatch } from '../../../lib/time/clock/WallWatch';

describe('WallWatch', () => {
  function watch() {
    const clock = new VirtualClock(1000);
    const errors: unknown[] = [];
    return { clock, errors, wall: new WallWatch(clock, (error) => errors.push(error)) };
  }

  it('calls back when the wall clock has been set since the last look', () => {
    const { clock, wall } = watch();
    const listener = jest.fn();
    wall.add(listener);
    wall.look();
    clock.stall('1h');
    wall.look();
    expect(listener).not.toHaveBeenCalled();
    clock.setWallBy(3_600_000);
    wall.look();
    wall.look();
    expect(listener).toHaveBeenCalledTimes(1);
    clock.setWallBy(-3_600_000);
    wall.look();
    expect(listener).toHaveBeenCalledTimes(2);
  });

  it('takes less than half a second for a slew, unless it adds up', () => {
    const { clock, wall } = watch();
    const listener = jest.fn();
    wall.add(listener);
    clock.setWallBy(499);
    wall.look();
    expect(listener).not.toHaveBeenCalled();
    clock.setWallBy(1);
    wall.look();
    expect(listener).toHaveBeenCalledTimes(1);
    clock.setWallBy(-499);
    wall.look();
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it('knows nothing of steps from before anybody listened', () => {
    const { clock, wall } = watch();
    const first = jest.fn();
    const end = wall.add(first);
    end();
    clock.setWallBy(1e6);
    const second = jest.fn();
    wall.add(second);
    wall.look();
    expect(first).not.toHaveBeenCalled();
    expect(second).not.toHaveBeenCalled();
  });

  it('tells all listeners of a step that nobody had noticed when the last of them came', () => {
    const { clock, wall } = watch();
    const first = jest.fn();
    wall.add(first);
    clock.setWallBy(1e6);
    wall.add(jest.fn());
    wall.look();
    expect(first).toHaveBeenCalledTimes(1);
  });

  it('calls listeners that come and go while it calls them', () => {
    const { clock, wall } = watch();
    const log: string[] = [];
    const endFirst = wall.add(() => {
      log.push('first');
      endFirst();
      wall.add(() => log.push('third'));
    });
    wall.add(() => log.push('second'));
    clock.setWallBy(1000);
    wall.look();
    expect(log).toEqual(['first', 'second']);
    clock.setWallBy(1000);
    wall.look();
    expect(log).toEqual(['first', 'second', 'second', 'third']);
  });

  it('calls the others when one throws', () => {
    const { clock, errors, wall } = watch();
    const other = jest.fn();
    wall.add(() => {
      throw new Error('bad');
    });
    wall.add(other);
    clock.setWallBy(1000);
    wall.look();
    expect(other).toHaveBeenCalledTimes(1);
    expect(errors).toEqual([new Error('bad')]);
  });
});
