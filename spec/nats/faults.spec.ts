import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { connect } from '@nats-io/transport-node';
import { type AgentBus, createHost, defineAgent, type Host, silentLog, topic } from 'rx-agent-kit';
import { natsBus } from 'rx-agent-kit/nats';
import { z } from 'zod';
import { bundled } from '../support/bundled';
import { deadIn, Ledger } from './support/Ledger';
import { describeWithServer, NatsServer } from './support/natsServer';
import { Taker } from './support/Taker';

/** `MESSAGES=100000 npx jest spec/nats/faults` goes through all ten faults. */
const MESSAGES = Number(process.env['MESSAGES'] ?? 2000);
const IS_WHOLE = MESSAGES >= 10_000;
const AT_ONCE = 250;
const SHOPS = 50;
/** Every so many messages there is one that no handler ever can deal with. */
const POISON = 501; // of all shops in turn: those of one wait for one another
/** What is not acknowledged comes again after this time, in ms. */
const ACK_WAIT = 10_000;

const order = topic('orders/:shop', z.number(), { durable: true });

interface Site {
  readonly server: NatsServer;
  readonly takers: Taker[];
  /** Starts another host in the place of one that was killed. */
  readonly replace: (at: number) => Promise<void>;
}

/** What is done to them, and undone. */
const FAULTS: Readonly<Record<string, (site: Site) => Promise<void>>> = {
  'the server is killed, and comes back': async ({ server }) => {
    await server.kill();
    await setTimeout(500);
    await server.start();
  },
  'a host is cut off, and knows it': async ({ takers: [one] }) => {
    one!.way.cut();
    await setTimeout(1000);
    one!.way.mend();
  },
  'a host is killed': async ({ takers, replace }) => {
    await takers[0]!.kill();
    await replace(0);
  },
  'a host stands still for longer than its messages are left to it': async ({ takers: [, two] }) => {
    two!.freeze();
    await setTimeout(ACK_WAIT + 2000);
    two!.thaw();
  },
  'all are ten times slower than what comes': async ({ takers }) => {
    for (const taker of takers) taker.feel({ pause: 300, failing: 0 });
    await setTimeout(10_000);
    for (const taker of takers) taker.feel({ pause: 0, failing: 0 });
  },
  'a fifth of the handlers fail': async ({ takers }) => {
    for (const taker of takers) taker.feel({ pause: 0, failing: 0.2 });
    await setTimeout(5000);
    for (const taker of takers) taker.feel({ pause: 0, failing: 0 });
  },
  'the server stands still': async ({ server }) => {
    server.freeze();
    await setTimeout(6000);
    server.thaw();
  },
  'a host is cut off, and does not know it': async ({ takers: [, , three] }) => {
    three!.way.silence();
    await setTimeout(ACK_WAIT + 2000);
    three!.way.mend();
  },
  'two of three hosts are killed': async ({ takers, replace }) => {
    await Promise.all([takers[1]!.kill(), takers[2]!.kill()]);
    await setTimeout(1000);
    await Promise.all([replace(1), replace(2)]);
  },
  'a host and the server are killed': async ({ server, takers, replace }) => {
    await Promise.all([server.kill(), takers[0]!.kill()]);
    await server.start();
    await replace(0);
  },
};

describeWithServer('durable messages over NATS', () => {
  const program = bundled('spec/nats/support/takerChild.ts');
  let server: NatsServer;
  let folder: string;
  let shop: Host;
  const takers: Taker[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rx-agent-kit-'));
    server = await NatsServer.start();
  });
  afterEach(async () => {
    server.thaw();
    for (const taker of takers.splice(0)) await taker.kill();
    await shop.stop();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const faults = Object.entries(FAULTS).slice(0, IS_WHOLE ? undefined : 2);

  it(
    `are neither lost nor done twice without need, through ${faults.length} faults`,
    async () => {
      const log = join(folder, 'log');
      writeFileSync(log, '');
      const start = (at: number) => Taker.start(program, `taker-${at}`, server.port, log, String(POISON));
      takers.push(await start(0), await start(1), await start(2));
      const site: Site = {
        server,
        takers,
        replace: async (at) => {
          takers[at] = await start(at);
        },
      };
      const ledger = new Ledger(log);
      shop = createHost({
        name: 'shop',
        log: silentLog,
        bus: natsBus({ servers: server.url, pingInterval: '1s' }),
      });
      shop.errors$.subscribe((error) => ledger.refused(error));
      const bus = await busOf(shop);
      await ledger.isKnown(server.url);

      const publish = async (count: number): Promise<void> => {
        for (let n = 0; n < count; n += AT_ONCE) {
          for (let nth = 0; nth < AT_ONCE; nth++) {
            const number = ledger.published();
            bus.publish(order.at({ shop: `s${number % SHOPS}` }), number);
          }
          await shop.kept();
        }
      };
      const share = Math.floor(MESSAGES / faults.length / AT_ONCE / 2) * AT_ONCE;
      for (const [what, fault] of faults) {
        await publish(share);
        // In the midst of what is published.
        const publishing = publish(share);
        await ledger.during(what, () => fault(site));
        await publishing;
      }
      const raw = await connect({ servers: server.url });
      const result = await ledger.settled(() => deadIn(raw));
      await raw.close();
      console.log(ledger.text(result));

      expect(result.lost).toEqual([]);
      expect(result.refused).toEqual([]);
      expect(result.needless).toEqual([]);
      expect(result.severalIds).toEqual([]);
      expect(result.dead).toEqual(result.poisoned(POISON));
    },
    IS_WHOLE ? 1_200_000 : 120_000,
  );
});

async function busOf(host: Host): Promise<AgentBus> {
  let own!: AgentBus;
  await host.start(
    defineAgent({
      name: 'shop',
      streams: ({ bus }) => {
        own = bus;
        return {};
      },
    }),
  );
  return own;
}
