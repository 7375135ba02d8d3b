import { filter, firstValueFrom } from 'rxjs';
import { type Bus, type BusMessage, type BusStatus, liveClock, type Reply, Scheduler } from 'rx-agent-kit';

/** A bus that is connected as a host does it, with what its listeners have thrown. */
export interface Connected {
  readonly bus: Bus;
  readonly errors: unknown[];
}

export async function connected(bus: Bus, name?: string): Promise<Connected> {
  const errors: unknown[] = [];
  const timers = new Scheduler(liveClock());
  bus.connect({ ...(name !== undefined && { name }), timers, onError: (error) => errors.push(error) });
  await becomes(bus, 'connected');
  return { bus, errors };
}

export async function becomes(bus: Bus, wanted: BusStatus): Promise<void> {
  await firstValueFrom(bus.status$.pipe(filter((status) => status === wanted)));
}

export function ask(bus: Bus, procedure: string, payload: BusMessage['payload'] = null): Promise<Reply> {
  return new Promise((resolve) => void bus.request(procedure, payload, resolve));
}

/** The next messages that fit a filter. */
export function messagesOf(bus: Bus, topicFilter: string, count: number): Promise<readonly BusMessage[]> {
  return new Promise((resolve) => {
    const seen: BusMessage[] = [];
    const end = bus.subscribe(topicFilter, (message) => {
      seen.push(message);
      if (seen.length < count) return;
      end();
      resolve(seen);
    });
  });
}

/** Resolves when the server has taken all that the bus has sent so far: its subscriptions, too. */
export async function settled(bus: Bus): Promise<void> {
  const topic = `settled/${Math.random()}`;
  const arrived = messagesOf(bus, topic, 1);
  bus.publish(topic, null, false);
  await arrived;
}
