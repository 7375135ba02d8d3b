// Everything that `npm test` checks, side by side: Jest, which writes as it goes, beside two others at a time on a
// machine with two cores. What the others say is shown whole when all are through, if they have failed.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

const parts = ['spec:jest', 'types-and-lint', 'format:check', 'circles', 'spec:vitest'];
const waiting = parts.map((name) => ({ name, output: '' }));
const ended = [];
const slots = Math.max(3, availableParallelism());

await Promise.all(Array.from({ length: slots }, work));
const failed = ended.filter(({ code }) => code !== 0);
for (const { name, output } of failed) console.log(`\n== npm run ${name}\n${output.trimEnd()}`);
console.log();
for (const { name, code, seconds } of ended)
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'}  ${name.padEnd(12)} ${seconds.toFixed(0).padStart(4)} s`);
process.exitCode = failed.length === 0 ? 0 : 1;

async function work() {
  for (let part; (part = waiting.shift()) !== undefined;) ended.push(await run(part));
}

async function run(part) {
  const start = performance.now();
  const isShown = part.name === parts[0];
  const child = spawn('npm', ['run', '--silent', part.name], {
    stdio: ['ignore', ...(isShown ? ['inherit', 'inherit'] : ['pipe', 'pipe'])],
    shell: process.platform === 'win32',
  });
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text) => (part.output += text));
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  return { ...part, code, seconds: (performance.now() - start) / 1000 };
}
