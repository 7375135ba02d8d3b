import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const INSTALL = `There is no nats-server on this machine. It is one file:

  Debian, Ubuntu   sudo apt-get install nats-server
  macOS            brew install nats-server
  Windows          winget install NATSAuthors.NATSServer
  elsewhere        https://github.com/nats-io/nats-server/releases

With --servers nats://broker:4222 it plays on one that runs elsewhere.`;

/** Debian has it where only root looks. */
const FOLDERS = [process.env['PATH'], '/usr/sbin', '/usr/local/sbin'].join(delimiter);
/** How long it may take to come up, in ms. */
const PATIENCE = 20_000;

export interface RunningServer {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts a server with JetStream on a free port of this machine, in a folder that is gone when it has stopped.
 *
 * @param folders where to look for it
 * @throws Error that says how to install it, if it is not there
 */
export async function startNatsServer(folders = FOLDERS): Promise<RunningServer> {
  const env = { ...process.env, PATH: folders };
  if (spawnSync('nats-server', ['--version'], { env }).status !== 0) throw new Error(INSTALL);
  const folder = mkdtempSync(join(tmpdir(), 'rx-agent-kit-cluster-'));
  const args = ['--addr', '127.0.0.1', '--port', '-1', '--jetstream', '--store_dir', folder];
  // Ctrl-C reaches all of a terminal's group: the server is to be there until the machines have stopped.
  const child = spawn('nats-server', args, { env, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'exit');
  let isWanted = false;
  const stop = async (): Promise<void> => {
    isWanted = false;
    process.off('exit', kill);
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const kill = (): void => void child.kill('SIGKILL');
  process.on('exit', kill);
  let output = '';
  const port = await new Promise<string | undefined>((resolve) => {
    const late = setTimeout(resolve, PATIENCE);
    // It is read for as long as the server runs: one that cannot write ends.
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-10_000);
      const found = /client connections on 127\.0\.0\.1:(\d+)/.exec(output)?.[1];
      if (found === undefined || !output.includes('Server is ready')) return;
      clearTimeout(late);
      resolve(found);
    });
    void ended.then(() => resolve(undefined));
  });
  isWanted = port !== undefined;
  void ended.then(([code, signal]) => {
    if (isWanted) console.error(`nats-server has ended (${String(signal ?? code)}):\n${output}`);
  });
  if (port !== undefined) return { url: `nats://127.0.0.1:${port}`, stop };
  await stop();
  throw new Error(`nats-server does not start:\n${output}`);
}
