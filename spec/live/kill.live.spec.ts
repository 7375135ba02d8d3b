import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from 'rx-agent-kit';
import { bundled } from '../support/bundled';

/** How often the process is killed: `KILLS=1000 npx jest spec/live/kill`. */
const KILLS = Number(process.env['KILLS'] ?? 4);

const CHILD = bundled('spec/live/support/durableChild.ts');

describe(`a process that is killed ${KILLS} times under load`, () => {
  let folder: string;
  const children: ChildProcess[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rx-agent-kit-'));
  });

  afterEach(() => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  async function live(life: number, mode: string): Promise<ChildProcess> {
    const args = [CHILD, join(folder, 'data'), join(folder, 'log'), String(life), mode];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
    return child;
  }

  it(
    'loses no order, runs none again that has settled, and does no step again that was kept',
    async () => {
      const random = seededRandom(7);
      for (let life = 1; life <= KILLS; life++) {
        const child = await live(life, 'load');
        await new Promise((resolve) => setTimeout(resolve, 10 + random() * 150));
        const exit = once(child, 'exit');
        child.kill('SIGKILL');
        await exit;
      }
      const last = await live(KILLS + 1, 'drain');
      if (last.exitCode === null) await once(last, 'exit');
      const lines = readFileSync(join(folder, 'log'), 'utf8').trim().split('\n');

      const seen = new Map<string, string[]>();
      const kept: string[] = [];
      const errors: string[] = [];
      for (const line of lines) {
        const what = line.slice(0, line.indexOf(' '));
        const order = line.slice(what.length + 1);
        if (what === 'kept') kept.push(order);
        else if (what === 'error') errors.push(order);
        else seen.set(order, [...(seen.get(order) ?? []), what]);
      }
      const isAgain = (order: string, what: string, behind: string): boolean => {
        const story = seen.get(order) ?? [];
        return story.lastIndexOf(what) > story.indexOf(behind) && story.includes(behind);
      };
      const orders = [...seen.keys()].filter((order) => order.includes('-') && !order.includes('#'));
      expect(errors).toEqual([]);
      expect(kept.length).toBeGreaterThan(KILLS);
      expect(kept.filter((order) => !seen.get(order)?.includes('ship-kept'))).toEqual([]);
      expect(orders.filter((order) => isAgain(order, 'begun', 'settled'))).toEqual([]);
      expect(orders.filter((order) => isAgain(order, 'charged', 'charge-kept'))).toEqual([]);
      expect(orders.filter((order) => isAgain(order, 'shipped', 'ship-kept'))).toEqual([]);
      // The state was set in the turn in which its job has settled: as often as there were jobs.
      const [done, mailed] = (lines.at(-1) ?? '').replace('done ', '').split(' ').map(Number);
      const shipped = orders.filter((order) => seen.get(order)?.includes('ship-kept'));
      expect(done).toBe(shipped.length);
      // The message was published in that turn, too, and has become a job in the turn that took it.
      expect(mailed).toBe(shipped.length);
      for (const what of ['mailed', 'audited']) {
        const ids = [...new Set(lines.filter((line) => line.startsWith(`${what} `)))];
        expect(ids.map((line) => line.slice(what.length + 1, line.indexOf('#'))).sort()).toEqual(
          shipped.sort(),
        );
      }
    },
    60_000 + KILLS * 20_000,
  );
});
