import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { defineAgent } from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';
import { readPage, ROOT } from './support/blocks';

const LIB = join(ROOT, 'lib');
const page = readPage('ARCHITECTURE.md');

/** The arrows of a drawing, in the order in which they stand. */
function arrowsOf(drawing: string): [from: string, to: string][] {
  const block = new RegExp(`<!-- drawing: ${drawing} -->\\s+\`\`\`mermaid\\n([^]*?)\`\`\``);
  const [, text = ''] = block.exec(page) ?? [];
  return [...text.matchAll(/^ *(\S+) --(?: \S+ --)?> (\S+)$/gm)].map(([, from = '', to = '']) => [from, to]);
}

/** What the files of a folder import of lib/, as paths in it. */
function importsOf(part: string): string[] {
  const files = readdirSync(join(LIB, part), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(part, file))
    .flatMap((file) => {
      const text = readFileSync(join(LIB, file), 'utf8');
      return [...text.matchAll(/from '(\.[^']+)'/g)].map(([, path = '']) => join(dirname(file), path));
    });
}

it('names files and folders that are there', () => {
  const floors = readdirSync(LIB)
    .filter((name) => !name.endsWith('.ts'))
    .join('|');
  const named = [...page.matchAll(new RegExp(`\`((?:lib/)?(?:${floors})/[\\w/.]*)\``, 'g'))];
  const dead = named
    .map(([, path = '']) => path.replace(/^lib\//, ''))
    // A file may be named with a member, and without its ending.
    .filter(
      (path) => !['', '.ts', '.js'].some((end) => existsSync(join(LIB, path.replace(/\.\w+$/, '') + end))),
    )
    .filter((path) => !existsSync(join(LIB, path)));
  expect(named.length).toBeGreaterThan(30);
  expect(dead).toEqual([]);
});

it('has thirty words at most', () => {
  const [, words = ''] = /## The words\n([^]*?)\n## /.exec(page) ?? [];
  const rows = words.split('\n').filter((line) => line.startsWith('| ')).length - 2;
  expect(rows).toBeGreaterThan(20);
  expect(rows).toBeLessThanOrEqual(30);
});

describe('the drawing of the parts', () => {
  it.each(arrowsOf('parts'))('is right that %s knows %s', (from, to) => {
    expect(importsOf(from).filter((path) => path.startsWith(`${to}/`))).not.toEqual([]);
  });

  it('has no two that know each other', () => {
    const arrows = arrowsOf('parts');
    const names = new Set(arrows.map(([from, to]) => `${from} ${to}`));
    expect(arrows.filter(([from, to]) => names.has(`${to} ${from}`))).toEqual([]);
  });
});

describe('the way of one trigger', () => {
  const arrows = arrowsOf('way').map(([from, to]) => `${from} > ${to}`);
  const drawn = new Set(arrowsOf('way').flat());

  /** The steps of a call that the drawing may show: from file to file of those that it names, and to where it ends. */
  function stepsTo(end: string): string[] {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = Infinity;
    const { stack = '' } = new Error();
    Error.stackTraceLimit = stackTraceLimit;
    const files = [...stack.matchAll(/(\/\S+?)\.ts:\d+:\d+\)?$/gm)].map(([, file = '']) =>
      relative(LIB, file),
    );
    const way = [...files.reverse().filter((file) => drawn.has(file)), end];
    return way.slice(1).map((file, index) => `${String(way[index])} > ${file}`);
  }

  it(
    'goes along every arrow of its drawing, by nine files at most',
    marbleTest(async ({ start, host, clock }) => {
      const steps: string[] = [];
      const follower = defineAgent({
        name: 'follower',
        streams: ({ lifecycle, time, handle }) => ({
          followed$: lifecycle.start$.pipe(
            time.after(() => {
              steps.push(...stepsTo('the wait'));
              return '3s';
            }),
            handle.switch(async () => {
              steps.push(...stepsTo('fn'));
              return 'followed';
            }),
          ),
        }),
      });
      host.outputs$.subscribe(() => steps.push(...stepsTo('outputs$')));
      start(follower);
      await clock.sleep('4s');
      expect(arrows.filter((arrow) => !steps.includes(arrow))).toEqual([]);
      expect([...drawn].filter((name) => name.includes('/')).length).toBeLessThanOrEqual(9);
    }),
  );
});
