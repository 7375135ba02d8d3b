import { pathToFileURL } from 'node:url';
import type { BenchCase, Figures } from '../harness/BenchCase';

/** The kit's main door, as it was built. */
const door = (): string => process.env['KIT_DOOR'] ?? '';

async function importTime(): Promise<Figures> {
  await import('rxjs');
  const start = performance.now();
  await import(pathToFileURL(door()).href);
  return { wall: performance.now() - start };
}

export const cases: readonly BenchCase[] = [
  {
    name: 'import after rxjs',
    sides: { kit: importTime },
    rows: [
      {
        name: 'import after rxjs: time',
        figure: 'wall',
        unit: 'ms',
        per: 1,
        target: { kind: 'at-most', floor: 15, aim: 5 },
      },
    ],
  },
];
