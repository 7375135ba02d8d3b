// The entry of the measuring process: runSide.js <compiled case file> <case> <side> <scale>
import { pathToFileURL } from 'node:url';
import type { BenchCase } from './BenchCase';

const [file = '', caseName, sideName = '', scale = '1'] = process.argv.slice(2);
const { cases } = (await import(pathToFileURL(file).href)) as { cases: readonly BenchCase[] };
const side = cases.find(({ name }) => name === caseName)?.sides[sideName];
if (side === undefined) throw new Error(`There is no side ${sideName} of ${String(caseName)} in ${file}.`);
const figures = await side(Number(scale));
// The figures are the last line, and the process ends here whatever is still armed.
process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit(0));
