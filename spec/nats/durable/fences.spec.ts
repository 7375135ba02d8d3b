import type { BusMessage, Fence } from 'rx-agent-kit';
import { natsBus } from 'rx-agent-kit/nats';
import { Fences } from '../../../lib/nats/durable/Fences';
import { describeWithServer, NatsServer } from '../support/natsServer';
import { connected } from '../support/onBus';

describe('Fences', () => {
  it('knows a message that came behind one of a later lease, in whichever order they are heard of', () => {
    const fences = new Fences();
    expect(fences.staleLease('3 billing', 10)).toBeUndefined();
    expect(fences.staleLease('5 billing', 12)).toBeUndefined();
    expect(fences.staleLease('3 billing', 11)).toBeUndefined();
    expect(fences.staleLease('3 billing', 13)).toBe('billing');
    expect(fences.staleLease('4 billing', 14)).toBe('billing');
    expect(fences.staleLease('5 billing', 15)).toBeUndefined();
    // It comes again, and is older than what was the first of its number.
    expect(fences.staleLease('5 billing', 9)).toBeUndefined();
    expect(fences.staleLease('3 billing', 10)).toBe('billing');
  });

  it('keeps leases apart, and leaves alone what bears none', () => {
    const fences = new Fences();
    expect(fences.staleLease('5 a', 1)).toBeUndefined();
    expect(fences.staleLease('1 a b', 2)).toBeUndefined();
    for (const line of [undefined, '', 'x', '5', ' a']) expect(fences.staleLease(line, 3)).toBeUndefined();
  });
});

describeWithServer('what a singleton publishes on a durable topic', () => {
  let server: NatsServer;

  beforeAll(async () => {
    server = await NatsServer.start();
  });
  afterAll(() => server.stop());

  const under = (number: number, isHeld = true): Fence => ({ lease: 'büro', number, isHeld: () => isHeld });

  it('bears the number of its lease, and is not taken behind one of a later lease', async () => {
    const { bus, errors } = await connected(natsBus({ servers: server.url, prefix: 'f1' }), 'a');
    const seen: BusMessage['payload'][] = [];
    const keeping = bus.keeping!;
    // The name has to be known.
    const end = keeping.take('orders', 'orders', 'desk', {
      agent: 'desk',
      take: (message) => {
        seen.push(message.payload);
        message.settle();
      },
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    for (const [payload, fence] of [
      ['first', under(3)],
      ['later', under(7)],
      ['stale', under(3)],
      ['plain', undefined],
      ['last', under(7)],
    ] as const)
      await keeping.publish('orders', 'orders', payload, fence);
    while (!seen.includes('last')) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(seen).toEqual(['first', 'later', 'plain', 'last']);
    expect(errors).toEqual([expect.objectContaining({ code: 'lease-lost' })]);
    end();
    await bus.close();
  });

  it('is not sent when the lease is over by then', async () => {
    const { bus } = await connected(natsBus({ servers: server.url, prefix: 'f2' }), 'a');
    await expect(bus.keeping!.publish('orders', 'orders', 'late', under(3, false))).rejects.toMatchObject({
      code: 'lease-lost',
    });
    await bus.close();
  });
});
