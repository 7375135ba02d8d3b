import type { SchedulerAction } from 'rxjs';
import { ScheduledAction } from '../../../lib/time/queue/ScheduledAction';
import { Drive } from '../support/Drive';

describe('ScheduledAction', () => {
  /** Work that notes when it runs, and what it was given. */
  function noting(
    work: (this: SchedulerAction<string>, round: number, drive: Drive) => void = () => undefined,
  ) {
    const drive = new Drive();
    const log: string[] = [];
    let round = 0;
    const action = drive.scheduler.schedule<string>(
      function (state) {
        log.push(`${drive.scheduler.now()} ${state}`);
        work.call(this, ++round, drive);
      },
      10,
      'first',
    ) as SchedulerAction<string>;
    return { drive, log, action };
  }

  it('is the Subscription of its work', async () => {
    const { drive, log, action } = noting();
    const letGo = jest.fn();
    action.add(letGo);
    action.unsubscribe();
    action.unsubscribe();
    expect(letGo).toHaveBeenCalledTimes(1);
    expect(action.closed).toBe(true);
    await drive.out();
    expect(log).toEqual([]);
    expect(drive.scheduler.size).toBe(0);
  });

  it('is one action, however often it repeats itself', async () => {
    const actions = new Set<unknown>();
    const { drive, log, action } = noting(function (round) {
      actions.add(this);
      if (round < 3) actions.add(this.schedule(`round ${round + 1}`, 5));
    });
    await drive.out();
    expect(log).toEqual(['10 first', '15 round 2', '20 round 3']);
    expect([...actions]).toEqual([action]);
    expect(drive.scheduler.size).toBe(0);
  });

  it('counts from when it was due, though another one may run within it, and throw', async () => {
    const { drive, log } = noting(function (round, { scheduler }) {
      if (round === 3) return;
      const inner = new ScheduledAction<string>(
        scheduler,
        function () {
          this.schedule('inner', 7);
          throw new Error('inner');
        },
        () => undefined,
      );
      inner.schedule('inner', 1000);
      expect(() => {
        inner.run();
      }).toThrow('inner');
      inner.unsubscribe();
      this.schedule(`round ${round + 1}`, 10);
    });
    await drive.out();
    expect(log).toEqual(['10 first', '20 round 2', '30 round 3']);
    expect(drive.scheduler.size).toBe(0);
  });

  it('replaces its own wait when it is scheduled again before it ran', async () => {
    const { drive, log, action } = noting();
    action.schedule('second', 30);
    action.schedule('third', 20);
    expect(drive.scheduler.size).toBe(1);
    await drive.out();
    expect(log).toEqual(['20 third']);
    expect(drive.scheduler.size).toBe(0);
  });

  it('can be scheduled again after it ran, from then on', async () => {
    const { drive, log, action } = noting();
    await drive.to(15);
    action.schedule('again', 10);
    await drive.out();
    expect(log).toEqual(['10 first', '25 again']);
    expect(drive.scheduler.size).toBe(0);
  });

  it('counts a repetition from when it was due, so that it does not drift', async () => {
    const { drive, log } = noting(function (round) {
      if (round < 4) this.schedule('again', 10);
    });
    await drive.to(9);
    await drive.stall(4);
    await drive.to(19);
    await drive.stall(9);
    await drive.out();
    expect(log).toEqual(['13 first', '28 again', '30 again', '40 again']);
    expect(drive.scheduler.size).toBe(0);
  });

  it('counts another delay from now: who reckons up to an instant is not woken before it', async () => {
    const { drive, log } = noting(function (round) {
      // Late by 90; the next is to come at 250.
      if (round === 1) this.schedule('at 250', 250 - drive.scheduler.now());
    });
    await drive.stall(100);
    await drive.out();
    expect(log).toEqual(['100 first', '250 at 250']);
    expect(drive.scheduler.size).toBe(0);
  });

  it('takes the last of two repetitions that are asked for in one run', async () => {
    const { drive, log } = noting(function (round) {
      if (round > 1) return;
      this.schedule('once', 10);
      this.schedule('twice', 10);
    });
    await drive.out();
    expect(log).toEqual(['10 first', '20 twice']);
    expect(drive.scheduler.size).toBe(0);
  });

  it('arms nothing any more when it ends itself', async () => {
    const { drive, log } = noting(function () {
      this.schedule('again', 10);
      this.unsubscribe();
      this.schedule('and again', 10);
    });
    await drive.out();
    expect(log).toEqual(['10 first']);
    expect(drive.scheduler.size).toBe(0);
  });

  it('rests when the next delay is infinite, and can be woken again', async () => {
    const { drive, log, action } = noting(function (round) {
      if (round === 1) this.schedule('never', Infinity);
    });
    await drive.to(50);
    expect(drive.scheduler.size).toBe(0);
    action.schedule('woken', 5);
    await drive.out();
    expect(log).toEqual(['10 first', '55 woken']);
    expect(drive.scheduler.size).toBe(0);
  });

  it('takes a negative delay for none', async () => {
    const { drive, log } = noting(function (round) {
      if (round === 1) this.schedule('at once', -100);
    });
    await drive.out();
    expect(log).toEqual(['10 first', '10 at once']);
    expect(drive.scheduler.size).toBe(0);
  });

  it('fails when the next delay is NaN', async () => {
    const { drive, log } = noting(function () {
      this.schedule('never', NaN);
    });
    await drive.out();
    expect(log).toEqual(['10 first']);
    expect(drive.errors).toEqual([expect.objectContaining({ code: 'bad-duration' })]);
    expect(drive.scheduler.size).toBe(0);
  });
});
