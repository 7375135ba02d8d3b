import { type Observable, Subject, take, tap } from 'rxjs';
import { cron } from '../../../lib/time/operators/cron';
import { every } from '../../../lib/time/operators/every';
import type { MissedPolicy, Tick } from '../../../lib/time/operators/Tick';
import type { TimerPart } from '../../../lib/time/queue/Timers';
import { Drive } from '../support/Drive';

interface Ticking {
  readonly missed?: MissedPolicy;
  readonly trigger?: Subject<void>;
  readonly then?: (ticks$: Observable<Tick>) => Observable<Tick>;
}

/** Ticks every second, from a trigger at 0 on. */
function tickingBy(operator: 'every' | 'cron') {
  return ({ missed, trigger = new Subject(), then = (ticks$) => ticks$ }: Ticking) => {
    const drive = new Drive();
    const options = missed === undefined ? {} : { missed };
    const ticks$ = trigger.pipe(
      operator === 'every'
        ? every('1s', options, drive.scheduler)
        : cron('* * * * * *', options, drive.scheduler),
    );
    const timers: TimerPart[] = [];
    jest.spyOn(drive.scheduler, 'enter').mockImplementation((timer) => void timers.push(timer));
    const { seen, subscription } = drive.record(then(ticks$));
    trigger.next();
    const end = () => {
      subscription.unsubscribe();
      expect(drive.scheduler.size).toBe(0);
    };
    return { drive, seen, trigger, end, halt: () => timers[0]?.halt() };
  };
}

describe.each(['every', 'cron'] as const)('%s, after a stall', (operator) => {
  const ticking = tickingBy(operator);

  it('ticks once and says for how many, then on the grid [B13]', async () => {
    const { drive, seen, end } = ticking({});
    await drive.stall(10_500);
    await drive.to(12_000);
    expect(seen).toEqual([
      '10500 {"at":10000,"index":10,"missed":9}',
      '11000 {"at":11000,"index":11,"missed":0}',
      '12000 {"at":12000,"index":12,"missed":0}',
    ]);
    end();
  });

  it('counts the tick of this very instant among those that have come due', async () => {
    const { drive, seen, end } = ticking({});
    await drive.stall(3000);
    expect(seen).toEqual(['3000 {"at":3000,"index":3,"missed":2}']);
    end();
  });

  it('catches up on every tick with a burst [B13]', async () => {
    const { drive, seen, end } = ticking({ missed: 'burst' });
    await drive.stall(3500);
    await drive.to(4000);
    expect(seen).toEqual([
      '3500 {"at":1000,"index":1,"missed":0}',
      '3500 {"at":2000,"index":2,"missed":0}',
      '3500 {"at":3000,"index":3,"missed":0}',
      '4000 {"at":4000,"index":4,"missed":0}',
    ]);
    end();
  });

  it('leaves them out with skip, and the next one says how many there were [B13]', async () => {
    const { drive, seen, end } = ticking({ missed: 'skip' });
    await drive.stall(10_500);
    await drive.to(12_000);
    expect(seen).toEqual([
      '11000 {"at":11000,"index":11,"missed":10}',
      '12000 {"at":12000,"index":12,"missed":0}',
    ]);
    end();
  });

  it('adds up what several stalls have left out, until it is triggered anew', async () => {
    const { drive, seen, trigger, end } = ticking({ missed: 'skip' });
    await drive.stall(2500);
    await drive.stall(3000);
    await drive.to(7000);
    await drive.stall(2000);
    trigger.next();
    await drive.to(10_000);
    expect(seen).toEqual([
      '6000 {"at":6000,"index":6,"missed":5}',
      '7000 {"at":7000,"index":7,"missed":0}',
      '10000 {"at":10000,"index":1,"missed":0}',
    ]);
    end();
  });

  it.each(['one', 'burst', 'skip'] as const)(
    'takes a tick that is late by less than a period for one on time (%s)',
    async (missed) => {
      const { drive, seen, end } = ticking({ missed });
      await drive.stall(1999);
      await drive.to(2000);
      expect(seen).toEqual([
        '1999 {"at":1000,"index":1,"missed":0}',
        '2000 {"at":2000,"index":2,"missed":0}',
      ]);
      end();
    },
  );

  it('ends a burst when it is unsubscribed from within', async () => {
    const { drive, seen, end } = ticking({ missed: 'burst', then: take(3) });
    await drive.stall(10_000);
    expect(seen.map(parseFloat)).toEqual([10_000, 10_000, 10_000, 10_000]);
    expect(seen.at(-1)).toBe('10000 |');
    end();
  });

  it('ends a burst when it is halted from within', async () => {
    const ticker = ticking({
      missed: 'burst',
      then: tap(({ index }) => index === 3 && ticker.halt()),
    });
    await ticker.drive.stall(10_000);
    await ticker.drive.to(20_000);
    expect(ticker.seen).toHaveLength(3);
    ticker.end();
  });

  it('ends a burst when it is triggered from within', async () => {
    const trigger = new Subject<void>();
    const { drive, seen, end } = ticking({
      missed: 'burst',
      trigger,
      then: tap(({ index, at }) => index === 3 && at < 5000 && trigger.next()),
    });
    await drive.stall(9000);
    await drive.to(11_000);
    expect(seen).toEqual([
      '9000 {"at":1000,"index":1,"missed":0}',
      '9000 {"at":2000,"index":2,"missed":0}',
      '9000 {"at":3000,"index":3,"missed":0}',
      '10000 {"at":10000,"index":1,"missed":0}',
      '11000 {"at":11000,"index":2,"missed":0}',
    ]);
    end();
  });
});
