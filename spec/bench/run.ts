// The benchmarks of the kit against its rivals: npm run bench (see README.md)
import { parseArgs } from 'node:util';
import { judge, unmeasured, type Verdict } from './harness/judge';
import { buildKit, compileCases, installRivals } from './harness/prepare';
import { runCase } from './harness/runCase';
import { heading, jsonLine, tableLine } from './harness/table';

const HELP = `npm run bench -- [options]

  --only <text>   only the cases and rows whose name has this text in it
  --quick         a short run: less work, three rounds instead of five
  --rounds <n>    how many rounds
  --json          one JSON object a line:
                  {"name","value","unit","ratio","versus","floor","aim","ok","rival"}
  --kit <folder>  measure the build in this folder, without building anew
  --list          only the names
  --help

Of ratio, floor and aim more is better; a row is ok when its ratio reaches its floor. A floor that is missed
is shown, and the exit code is 0 all the same: it tells only whether the benchmarks could be run.`;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    json: { type: 'boolean', default: false },
    kit: { type: 'string' },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (options.help) console.log(HELP);
else await main();

async function main(): Promise<void> {
  const { only, quick, json, kit, list } = options;
  installRivals();
  if (kit === undefined) buildKit();
  const cases = (await compileCases(kit))
    .map((benchCase) => {
      const rows = benchCase.rows.filter(({ name }) => name.includes(only));
      return { ...benchCase, rows: benchCase.name.includes(only) ? benchCase.rows : rows };
    })
    .filter(({ rows }) => rows.length > 0);
  if (list) {
    for (const { name, rows } of cases) console.log([name, ...rows.map((row) => `  ${row.name}`)].join('\n'));
    return;
  }
  const rounds = Number(options.rounds ?? (quick ? 3 : 5));
  const print = (verdict: Verdict) => console.log(json ? jsonLine(verdict) : tableLine(verdict));
  if (!json) console.log(heading());
  for (const benchCase of cases) {
    if (benchCase.lacks !== undefined) {
      console.error(`${benchCase.name}: skipped, ${benchCase.lacks}`);
      continue;
    }
    try {
      const done = await runCase(benchCase, rounds, quick ? 0.2 : 1);
      for (const row of benchCase.rows) print(judge(row, done));
    } catch (error) {
      console.error(`${benchCase.name} could not be measured: ${String(error)}`);
      process.exitCode = 1;
      for (const row of benchCase.rows) print(unmeasured(row));
    }
  }
}
