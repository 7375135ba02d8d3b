import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http, { createServer, type Server } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as realSleep } from 'node:timers/promises';
import { defineAgent } from 'rx-agent-kit';
import { marbleTest, runMarbles } from 'rx-agent-kit/testing';

type Ask = (port: number) => Promise<string>;

async function listen(server: net.Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Answers after a virtual while, in two pieces. */
const slowServer = (): Server =>
  createServer((request, response) => {
    request.resume();
    setTimeout(() => {
      response.write('po');
      setTimeout(() => response.end('ng'), 10);
    }, 20);
  });

const askByFetch: Ask = async (port) => (await fetch(`http://127.0.0.1:${port}`)).text();

const askByHttp =
  (agent: http.Agent | false): Ask =>
  (port) =>
    new Promise((resolve, reject) => {
      http
        .get({ port, host: '127.0.0.1', agent }, (response) => {
          let text = '';
          response.on('data', (chunk: Buffer) => (text += chunk.toString()));
          response.on('end', () => resolve(text));
        })
        .on('error', reject);
    });

const ways: readonly (readonly [string, Ask])[] = [
  ['fetch', askByFetch],
  ['node:http', askByHttp(false)],
  ['node:http over a connection that is kept', askByHttp(new http.Agent({ keepAlive: true }))],
];

describe.each(ways)(
  'a server in the same process that answers after virtual time, asked by %s',
  (_way, ask) => {
    const asker = (isSaid: boolean) =>
      defineAgent({
        name: 'asker',
        streams: ({ lifecycle, handle }) => ({
          answer$: lifecycle.start$.pipe(
            handle.switch(async (_event, { external, sleep }) => {
              const server = slowServer();
              const port = await listen(server);
              const answers: string[] = [];
              for (let time = 0; time < 3; time++)
                answers.push(await (isSaid ? external(ask(port)) : ask(port)));
              await sleep(10);
              server.closeAllConnections();
              server.close();
              return answers.join();
            }),
          ),
        }),
      });

    it.each([
      ['in a handler', false],
      ['in a handler that says external', true],
    ])('is exact and quick %s', async (_where, isSaid) => {
      const start = performance.now();
      const { guesses } = await runMarbles(({ start: startAgent, expectObservable }) => {
        expectObservable(startAgent(asker(isSaid)).streams.answer$).toBe('100ms a', { a: 'pong,pong,pong' });
      });
      expect(guesses).toEqual([]);
      expect(performance.now() - start).toBeLessThan(2500);
    });

    it('is exact in the body', async () => {
      const { guesses } = await runMarbles(async ({ clock }) => {
        const server = slowServer();
        const port = await listen(server);
        expect(await ask(port)).toBe('pong');
        expect(clock.now()).toBe(30);
        const asked = clock.sleep(1000);
        expect(await clock.external(ask(port), 'the server')).toBe('pong');
        expect(clock.now()).toBe(60);
        await asked;
        server.closeAllConnections();
        server.close();
      });
      expect(guesses).toEqual([]);
    });
  },
);

describe('both ends of a connection in one test', () => {
  const echo = () =>
    net.createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (data) => setTimeout(() => socket.write(data), 7));
    });

  const pingPong = async (connect: () => net.Socket, times: number): Promise<void> => {
    const socket = connect();
    for (let time = 0; time < times; time++) {
      socket.write('ping');
      await once(socket, 'data');
    }
    socket.destroy();
  };

  it(
    'are exact with plain sockets, many at once',
    marbleTest(async ({ clock }) => {
      const server = echo();
      const port = await listen(server);
      const connect = () => net.connect(port, '127.0.0.1');
      await Promise.all(Array.from({ length: 10 }, () => pingPong(connect, 5)));
      expect(clock.now()).toBe(35);
      server.close();
    }),
  );

  it(
    'are exact over a pipe',
    marbleTest(async ({ clock }) => {
      const folder = mkdtempSync(join(tmpdir(), 'kit-'));
      const path = join(folder, 'echo.sock');
      const server = echo().listen(path);
      await once(server, 'listening');
      await pingPong(() => net.connect(path), 5);
      expect(clock.now()).toBe(35);
      server.close();
      rmSync(folder, { recursive: true });
    }),
  );

  it(
    'are exact for much data, to a reader who takes his time',
    marbleTest(async ({ clock }) => {
      const size = 3_000_000;
      const server = net.createServer((socket) => setTimeout(() => socket.end(Buffer.alloc(size)), 5));
      const port = await listen(server);
      const socket = net.connect(port, '127.0.0.1');
      let read = 0;
      for await (const chunk of socket) {
        read += (chunk as Buffer).length;
        if (read === size) await new Promise((resolve) => setTimeout(resolve, 10));
      }
      expect([read, clock.now()]).toEqual([size, 15]);
      server.close();
    }),
  );

  it('may be of a server that was there before, and works in real time', async () => {
    const server = createServer((_request, response) => void realSleep(15).then(() => response.end('pong')));
    const port = await listen(server);
    const { guesses } = await runMarbles(async ({ clock }) => {
      setInterval(() => undefined, 1);
      expect(await askByFetch(port)).toBe('pong');
      expect(await askByFetch(port)).toBe('pong');
      expect(clock.now()).toBe(0);
    });
    expect(guesses).toEqual([]);
    server.closeAllConnections();
    server.close();
  });
});

describe('a server in another process', () => {
  const source = `
    const server = require('node:http').createServer((_request, response) => {
      setTimeout(() => response.end('pong'), 40);
    });
    server.listen(0, '127.0.0.1', () => process.send(server.address().port));
    process.on('disconnect', () => process.exit());
  `;

  it('holds time, also over a connection that was kept from before', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kit-'));
    const file = join(folder, 'server.cjs');
    writeFileSync(file, source);
    const child = fork(file);
    const [port] = (await once(child, 'message')) as [number];
    for (const askIt of [askByFetch, askByFetch, askByHttp(new http.Agent({ keepAlive: true }))]) {
      const { guesses } = await runMarbles(async ({ clock }) => {
        setInterval(() => undefined, 1);
        const slept = clock.sleep(100);
        expect(await askIt(port)).toBe('pong');
        expect(clock.now()).toBe(0);
        await slept;
        expect(await askIt(port)).toBe('pong');
        expect(clock.now()).toBe(100);
      });
      expect(guesses).toEqual([]);
    }
    child.disconnect();
    await once(child, 'exit');
    rmSync(folder, { recursive: true });
  });
});
