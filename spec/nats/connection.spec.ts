import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { lastValueFrom } from 'rxjs';
import { nkeys } from '@nats-io/transport-node';
import { type Bus, liveClock, Scheduler } from 'rx-agent-kit';
import { natsBus, type NatsBusOptions } from 'rx-agent-kit/nats';
import { hasOpenssl, writeCertificates } from './support/certificates';
import { operatorMode } from './support/jwt';
import { ask, becomes, connected, messagesOf, settled } from './support/onBus';
import { describeWithServer, NatsServer } from './support/natsServer';

/** What the status of a bus fails with. */
async function failure(options: NatsBusOptions): Promise<{ code: string; message: string }> {
  const bus = natsBus(options);
  bus.connect({ timers: new Scheduler(liveClock()), onError: () => {} });
  try {
    await lastValueFrom(bus.status$);
  } catch (error) {
    await bus.close();
    return error as { code: string; message: string };
  }
  throw new Error('it does not fail');
}

describe('the connection of natsBus', () => {
  let fake: Server | undefined;

  afterEach(() => {
    fake?.close();
    fake = undefined;
  });

  it('fails with the servers by name when nobody answers in time', async () => {
    const error = await failure({ servers: ['nats://127.0.0.1:1', '127.0.0.1:2'], connectTimeout: '300ms' });
    expect(error.code).toBe('bus-failed');
    expect(error.message).toMatch(/^NATS at nats:\/\/127.0.0.1:1, nats:\/\/127.0.0.1:2: .*refused/);
  });

  it('is closed while it tries to connect', async () => {
    const bus = natsBus({ servers: '127.0.0.1:1' });
    const log: string[] = [];
    bus.status$.subscribe({ next: (status) => log.push(status), complete: () => log.push('|') });
    bus.connect({ timers: new Scheduler(liveClock()), onError: () => {} });
    await bus.close();
    expect(log).toEqual(['disconnected', 'connecting', 'closed', '|']);
  });

  it('refuses a server that is too old, with what it lacks', async () => {
    const info = {
      server_id: 'x',
      server_name: 'old',
      version: '2.1.9',
      max_payload: 1048576,
      proto: 1,
      headers: true,
    };
    fake = createServer((socket) => {
      socket.on('error', () => {});
      socket.write(`INFO ${JSON.stringify(info)}\r\n`);
      socket.on('data', (data) => {
        if (String(data).includes('PING')) socket.write('PONG\r\n');
      });
    }).listen(0, '127.0.0.1');
    await once(fake, 'listening');
    const { port } = fake.address() as { port: number };
    const error = await failure({ servers: `127.0.0.1:${port}` });
    expect(error.code).toBe('bus-unsupported');
    expect(error.message).toMatch(/nats-server 2\.1\.9 \(old\) is too old.*headers \(2\.2\)/);
  });

  it.each<[string, NatsBusOptions, RegExp]>([
    [
      'a URL of something else',
      { servers: 'http://broker' },
      /servers: "http:\/\/broker" has to be the URL of a server/,
    ],
    ['no server at all', { servers: [] }, /servers: .* has to name one server at least/],
    ['a prefix with a wildcard', { prefix: 'a.*' }, /prefix: "a\.\*" has to be tokens between dots/],
    [
      'a name that it does not know',
      { creds: 'x' } as never,
      /has no option "creds": did you mean "credentials"/,
    ],
    [
      'credentials without the secret shown',
      { credentials: { token: 't0p', user: 'u' } },
      /credentials: .* has to be the path of a file/,
    ],
  ])('refuses %s', (_title, options, message) => {
    let error: unknown;
    try {
      natsBus(options);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ code: 'bad-option', message: expect.stringMatching(message) });
    expect(inspect(error)).not.toContain('t0p');
  });
});

describeWithServer('the connection of natsBus to a server', () => {
  let server: NatsServer | undefined;
  let folder: string;
  const buses: Bus[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rx-nats-'));
  });
  afterEach(async () => {
    for (const bus of buses.splice(0)) await bus.close();
    await server?.stop();
    server = undefined;
    rmSync(folder, { recursive: true });
  });

  async function start(config: string, options?: { jetstream: boolean }): Promise<NatsServer> {
    return (server = await NatsServer.start(config, options));
  }

  async function passes(options: NatsBusOptions) {
    const bus = natsBus(options);
    buses.push(bus);
    const on = await connected(bus);
    await settled(bus);
    return on;
  }

  function file(name: string, content: string): string {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  }

  it('waits for a server that is not there yet', async () => {
    const { port } = await start('');
    await server!.kill();
    const bus = natsBus({ servers: `127.0.0.1:${port}`, connectTimeout: '60s' });
    buses.push(bus);
    bus.connect({ timers: new Scheduler(liveClock()), onError: () => {} });
    bus.serve('before', (payload, answer) => {
      answer({ isOk: true, payload });
      return () => {};
    });
    const seen = messagesOf(bus, 'before', 1);
    expect(() => bus.publish('data', 1, false)).toThrow(
      expect.objectContaining({ code: 'bus-disconnected' }),
    );
    await server!.start();
    await becomes(bus, 'connected');
    bus.publish('before', 1, false);
    expect(await seen).toHaveLength(1);
    expect(await ask(bus, 'before', 2)).toEqual({ isOk: true, payload: 2 });
  });

  it('notices a server that does not answer any more', async () => {
    const { url } = await start('');
    const { bus } = await passes({ servers: url, pingInterval: '100ms' });
    server!.freeze();
    await becomes(bus, 'disconnected');
    server!.thaw();
    await becomes(bus, 'connected');
    await settled(bus);
  });

  describe.each([
    [
      'a user and a password',
      () => ({
        config: 'authorization { user: u, password: "s3cr3t/1" }',
        secret: 's3cr3t/1',
        good: { credentials: { user: 'u', password: 's3cr3t/1' } },
        bad: { credentials: { user: 'u', password: 'wr0ng/1' } },
        wrong: 'wr0ng/1',
      }),
    ],
    [
      'a user in the URL',
      () => ({
        config: 'authorization { user: u, password: "s3cr3t/1" }',
        secret: 's3cr3t/1',
        good: { userinfo: 'u:s3cr3t%2F1@' },
        bad: { userinfo: 'u:wr0ng%2F1@' },
        wrong: 'wr0ng%2F1',
      }),
    ],
    [
      'a token',
      () => ({
        config: 'authorization { token: "t0ken" }',
        secret: 't0ken',
        good: { credentials: { token: 't0ken' } },
        bad: { credentials: { token: 'wr0ng' } },
        wrong: 'wr0ng',
      }),
    ],
    [
      'the seed of an NKey',
      () => {
        const [good, bad] = [nkeys.createUser(), nkeys.createUser()];
        const [seed, wrong] = [good, bad].map((pair) => Buffer.from(pair.getSeed()).toString()) as [
          string,
          string,
        ];
        return {
          config: `authorization { users: [{ nkey: ${good.getPublicKey()} }] }`,
          secret: seed,
          good: { credentials: { nkeySeed: seed } },
          bad: { credentials: { nkeySeed: wrong } },
          wrong,
        };
      },
    ],
    [
      'a file with the seed of an NKey',
      () => {
        const [good, bad] = [nkeys.createUser(), nkeys.createUser()];
        const [seed, wrong] = [good, bad].map((pair) => Buffer.from(pair.getSeed()).toString()) as [
          string,
          string,
        ];
        return {
          config: `authorization { users: [{ nkey: ${good.getPublicKey()} }] }`,
          secret: seed,
          good: { credentials: file('a.nk', `${seed}\n`) },
          bad: { credentials: file('b.nk', wrong) },
          wrong,
        };
      },
    ],
    [
      'a file of credentials',
      () => {
        const [good, bad] = [operatorMode(), operatorMode()];
        return {
          config: good.config,
          secret: good.seed,
          good: { credentials: file('a.creds', good.creds) },
          bad: { credentials: file('b.creds', bad.creds) },
          wrong: bad.seed,
        };
      },
    ],
  ] as [string, () => { config: string; secret: string; wrong: string; good: object; bad: object }][])(
    'by %s',
    (_title, prepare) => {
      it('is let in, and refused with what is wrong and no secret', async () => {
        const { config, good, bad, wrong, secret } = prepare();
        await start(config, { jetstream: false });
        const where = ({ userinfo = '', ...options }: { userinfo?: string }): NatsBusOptions => ({
          servers: `nats://${userinfo}127.0.0.1:${server!.port}`,
          ...options,
        });
        await passes(where(good));
        const error = await failure(where(bad));
        expect(error).toMatchObject({ code: 'bus-failed', message: expect.stringMatching(/authoriz/i) });
        const told = inspect(error, { depth: 10, showHidden: true });
        expect(told).not.toContain(wrong);
        expect(told).not.toContain(decodeURIComponent(wrong));
        expect(told).not.toContain(secret);
      });
    },
  );

  it.each([
    ['that is not there', () => '/no/such/file.creds', /no such file/],
    ['without a seed', () => file('c.creds', 'nothing'), /there is no seed in it/],
  ])('names a file of credentials %s', async (_title, path, message) => {
    const { url } = await start('');
    const error = await failure({ servers: url, credentials: path() });
    expect(error).toMatchObject({ code: 'bus-failed', message: expect.stringMatching(message) });
  });

  it('reads a file of credentials again when it comes back', async () => {
    const [one, two] = [nkeys.createUser(), nkeys.createUser()];
    const seedOf = (pair: typeof one) => Buffer.from(pair.getSeed()).toString();
    await start(
      `authorization { users: [{ nkey: ${one.getPublicKey()} }, { nkey: ${two.getPublicKey()} }] }`,
    );
    const credentials = file('a.nk', seedOf(one));
    const { bus } = await passes({ servers: server!.url, credentials });
    await server!.kill();
    await becomes(bus, 'connecting');
    writeFileSync(credentials, seedOf(two));
    server!.reconfigure(`authorization { users: [{ nkey: ${two.getPublicKey()} }] }`);
    await server!.start();
    await becomes(bus, 'connected');
    await settled(bus);
  });

  const encrypted = hasOpenssl ? 'encrypted' : 'encrypted (no openssl on this machine)';
  (hasOpenssl ? describe : describe.skip)(encrypted, () => {
    it('trusts whom it is told to, shows its certificate, and refuses others', async () => {
      const { ca, cert, key } = writeCertificates(folder);
      const { port } = await start(
        `tls { cert_file: "${cert}", key_file: "${key}", ca_file: "${ca}", verify: true }`,
      );
      await passes({ servers: `tls://127.0.0.1:${port}`, tls: { ca, cert, key } });
      await passes({ servers: `nats://127.0.0.1:${port}`, tls: { ca, cert, key } });
      const stranger = await failure({ servers: `tls://127.0.0.1:${port}` });
      expect(stranger).toMatchObject({ code: 'bus-failed', message: expect.stringMatching(/certificate/) });
    });

    it('is refused by a server that does not encrypt', async () => {
      const { port } = await start('');
      const error = await failure({ servers: `tls://127.0.0.1:${port}` });
      expect(error).toMatchObject({ code: 'bus-failed', message: expect.stringMatching(/tls/) });
    });
  });

  it('tells what the server does not allow, and fails the call at once', async () => {
    await start(
      'authorization { users: [{ user: u, password: p, permissions: { publish: { deny: ["secret.>"] }, subscribe: { deny: ["secret.>"] } } }] }',
    );
    const { bus, errors } = await passes({ servers: server!.url, credentials: { user: 'u', password: 'p' } });
    expect(await ask(bus, 'secret/call')).toMatchObject({ isOk: false });
    bus.subscribe('secret/a', () => {});
    await settled(bus);
    expect(errors).toMatchObject([{ code: 'bus-failed' }, { code: 'bus-failed' }]);
    expect(String(errors[1])).toMatch(/does not allow it.*secret\.a/);
  });

  it('says that something cannot be retained where there is no JetStream', async () => {
    server = await NatsServer.start('', { jetstream: false });
    const { bus } = await passes({ servers: server.url });
    expect(() => bus.publish('state', 1, true)).toThrow(
      expect.objectContaining({ code: 'bus-unsupported', message: expect.stringMatching(/JetStream/) }),
    );
    expect(() => bus.publish('state', 1, false)).not.toThrow();
  });
});
