import { map, tap } from 'rxjs';
import { createHost, defineAgent, hostHealth, memoryBus } from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

const listener = (seen: unknown[]) =>
  defineAgent({
    name: 'listener',
    streams: ({ bus, lifecycle, time }) => ({
      beats$: bus
        .messages(hostHealth)
        .pipe(
          tap(({ payload: { host, status, reason, at } }) =>
            seen.push([at, host, status, reason].join(' ').trim()),
          ),
        ),
      fails$: lifecycle.start$.pipe(
        time.after('40s'),
        map(() => {
          throw new Error('down');
        }),
      ),
    }),
    restart: { backoff: { from: '30s', jitter: 0 } },
  });

describe('createHost({ heartbeat })', () => {
  it(
    'publishes the health of the host, now and over and over',
    marbleTest(async ({ clock }) => {
      const host = createHost({ clock, log: quiet, name: 'farm', heartbeat: '15s' });
      const seen: string[] = [];
      await host.start(listener(seen));
      await clock.sleep('1m40s');
      await host.stop();
      expect(seen).toEqual([
        '0 farm starting',
        '15000 farm good',
        '30000 farm good',
        // Who comes later has the last one at once.
        expect.stringMatching(/^60000 farm bad listener: listener.fails\$ failed: down/),
        '75000 farm good',
        '90000 farm good',
      ]);
    }),
  );

  it(
    'says that the host has stopped to those who go on',
    marbleTest(async ({ clock }) => {
      const bus = memoryBus();
      const said: unknown[] = [];
      const publish = bus.publish.bind(bus);
      bus.publish = (topic, payload, retain) => {
        said.push([topic, payload, retain]);
        publish(topic, payload, retain);
      };
      const host = createHost({ clock, log: quiet, bus, heartbeat: '1m' });
      await clock.sleep(1);
      await host.stop();
      expect(said).toEqual([
        ['hosts/host/health', { host: 'host', status: 'starting', since: 0, at: 0 }, true],
        ['hosts/host/health', { host: 'host', status: 'stopped', since: 1, at: 1 }, true],
      ]);
    }),
  );

  it(
    'leaves a beat out while the bus is not connected',
    marbleTest(async ({ clock }) => {
      const bus = memoryBus();
      const host = createHost({ clock, log: quiet, bus, heartbeat: '10s' });
      const codes: string[] = [];
      host.errors$.subscribe(({ code }) => codes.push(code));
      await clock.sleep('5s');
      bus.drop();
      await clock.sleep('20s');
      bus.restore();
      await host.stop();
      expect(codes).toEqual([]);
    }),
  );

  it('refuses a period that is none, and a name that cannot be part of a topic', () => {
    expect(() => createHost({ heartbeat: 0 })).toThrow(expect.objectContaining({ code: 'bad-duration' }));
    expect(() => createHost({ name: 'my farm', heartbeat: '1s' })).toThrow(
      expect.objectContaining({ code: 'bad-topic' }),
    );
  });
});
