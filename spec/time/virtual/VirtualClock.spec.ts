import { VirtualClock } from '../../../lib/time/virtual/VirtualClock';

describe('VirtualClock', () => {
  it('stands still until it is told to go on', () => {
    const clock = new VirtualClock(100);
    expect([clock.start, clock.now(), clock.wallNow()]).toEqual([100, 100, 100]);
    expect(clock.nextWake).toBe(Infinity);
    clock.advanceTo(150);
    expect([clock.start, clock.now(), clock.wallNow()]).toEqual([100, 150, 150]);
  });

  it('never goes back', () => {
    const clock = new VirtualClock(100);
    clock.advanceTo(50);
    expect(clock.now()).toBe(100);
  });

  it('goes back only for what is to happen before the start', () => {
    const clock = new VirtualClock(100);
    const log: number[] = [];
    clock.wakeAt(100, () => log.push(clock.now()));
    clock.rewindBy(30);
    expect(clock.now()).toBe(70);
    clock.wakeAt(80, () => log.push(clock.now()));
    while (clock.nextWake < Infinity) clock.advanceTo(clock.nextWake);
    expect(log).toEqual([80, 100]);
  });

  it('wakes who is due, once, the earliest first, one at a time', () => {
    const clock = new VirtualClock();
    const log: string[] = [];
    for (const at of [30, 10, 20]) clock.wakeAt(at, () => log.push(`${clock.now()} for ${at}`));
    expect(clock.nextWake).toBe(10);
    clock.advanceTo(5);
    expect(log).toEqual([]);
    clock.advanceTo(clock.nextWake);
    expect(log).toEqual(['10 for 10']);
    clock.advanceTo(25);
    clock.advanceTo(25);
    clock.advanceTo(40);
    clock.advanceTo(40);
    expect(log).toEqual(['10 for 10', '25 for 20', '40 for 30']);
    expect(clock.nextWake).toBe(Infinity);
  });

  it('wakes for equal instants in the order of arrival', () => {
    const clock = new VirtualClock();
    const log: number[] = [];
    for (let index = 0; index < 100; index++) clock.wakeAt(10, () => log.push(index));
    while (clock.nextWake < Infinity) clock.advanceTo(clock.nextWake);
    expect(log).toEqual(Array.from({ length: 100 }, (_, index) => index));
  });

  it('never wakes within wakeAt, even for an instant that has passed', () => {
    const clock = new VirtualClock(100);
    const wake = jest.fn();
    clock.wakeAt(5, wake);
    expect(wake).not.toHaveBeenCalled();
    expect(clock.nextWake).toBe(100);
    clock.advanceTo(0);
    expect(wake).toHaveBeenCalledTimes(1);
    expect(clock.now()).toBe(100);
  });

  it('takes a wake-up back, and leaves one alone that has come', () => {
    const clock = new VirtualClock();
    const wake = jest.fn();
    const first = clock.wakeAt(10, wake);
    clock.cancel(first);
    clock.cancel(first);
    expect(clock.nextWake).toBe(Infinity);
    const second = clock.wakeAt(10, wake);
    clock.advanceTo(10);
    const third = clock.wakeAt(20, wake);
    clock.cancel(second);
    expect(clock.nextWake).toBe(20);
    clock.cancel(third);
    expect(wake).toHaveBeenCalledTimes(1);
  });

  it('lets a stall pass in which nobody is woken', () => {
    const clock = new VirtualClock();
    const wake = jest.fn();
    clock.wakeAt(10, wake);
    clock.stall('1s');
    expect([clock.now(), clock.wallNow()]).toEqual([1000, 1000]);
    expect(wake).not.toHaveBeenCalled();
    clock.advanceTo(clock.nextWake);
    expect(wake).toHaveBeenCalledTimes(1);
    expect(clock.now()).toBe(1000);
    expect(() => clock.stall(-1)).toThrow(expect.objectContaining({ code: 'bad-duration' }));
  });

  it('sets the wall clock alone, and wakes everybody now to see it', () => {
    const clock = new VirtualClock(1000);
    const log: string[] = [];
    for (const name of ['a', 'b'])
      clock.wakeAt(5000, () => log.push(`${name} ${clock.now()} ${clock.wallNow()}`));
    clock.setWallBy(-300);
    expect(log).toEqual([]);
    expect(clock.nextWake).toBe(1000);
    while (clock.nextWake < Infinity) clock.advanceTo(clock.nextWake);
    expect(log).toEqual(['a 1000 700', 'b 1000 700']);
  });

  it('wakes for an instant that is infinitely far away only when it gets there', () => {
    const clock = new VirtualClock();
    const wake = clock.wakeAt(Infinity, jest.fn());
    expect(clock.nextWake).toBe(Infinity);
    clock.cancel(wake);
  });
});
