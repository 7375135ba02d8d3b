import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Figures } from './BenchCase';
import { type CompiledCase, SIDE_RUNNER } from './prepare';

/** One round: each side has been measured once, one after the other. */
export type Round = Readonly<Record<string, Figures>>;

/**
 * Measures the sides of a case in turn (kit, rival, kit, rival …), each in a process of its own, so that what
 * else the machine does hits all of them, and no side warms up or litters for another.
 */
export async function runCase(
  benchCase: CompiledCase,
  rounds: number,
  scale: number,
): Promise<readonly Round[]> {
  const done: Round[] = [];
  for (let round = 0; round < rounds; round++) {
    const figures: Record<string, Figures> = {};
    for (const side of Object.keys(benchCase.sides)) figures[side] = await runSide(benchCase, side, scale);
    done.push(figures);
  }
  return done;
}

async function runSide({ file, name }: CompiledCase, side: string, scale: number): Promise<Figures> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--expose-gc', '--max-old-space-size=8192', SIDE_RUNNER, file, name, side, String(scale)],
    { maxBuffer: 1 << 26 },
  );
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as Figures;
}
