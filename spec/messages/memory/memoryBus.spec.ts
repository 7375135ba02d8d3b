import { liveClock, memoryBus, Scheduler } from 'rx-agent-kit';
import { busContract } from '../bus/busContract';

busContract('memoryBus', () => {
  const bus = memoryBus();
  return { bus, drop: () => bus.drop(), restore: () => bus.restore() };
});

describe('memoryBus', () => {
  it('serves one host only', () => {
    const bus = memoryBus();
    const context = { timers: new Scheduler(liveClock()), onError: () => {} };
    bus.connect(context);
    expect(() => bus.connect(context)).toThrow(expect.objectContaining({ code: 'bad-option' }));
  });

  it('sends nothing before it is connected, and drops and restores nothing', () => {
    const bus = memoryBus();
    bus.restore();
    bus.drop();
    const log: string[] = [];
    bus.status$.subscribe((status) => log.push(status));
    expect(log).toEqual(['disconnected']);
    expect(() => bus.publish('data', 1, false)).toThrow(
      expect.objectContaining({ code: 'bus-disconnected' }),
    );
  });
});
