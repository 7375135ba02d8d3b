import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** A fenced block of a page. */
export interface Fence {
  readonly page: string;
  /** The line on which it begins, from 1. */
  readonly line: number;
  readonly language: string;
  /** The last heading above it. */
  readonly heading: string | undefined;
  readonly text: string;
}

/** A ts block: a whole module, which later blocks of the page can import if its first line names its file. */
export interface Block extends Fence {
  /** Its file's name, without `.ts`. */
  readonly name: string;
  /** What it prints, or how its test fails: the text block behind it, if there is one under the same heading. */
  readonly output: string | undefined;
}

export const ROOT = join(__dirname, '../../..');

/** The pages that people read. */
export const pages: readonly string[] = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
];

export function readPage(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8');
}

export function fencesOf(page: string): Fence[] {
  const source = readPage(page);
  const fences: Fence[] = [];
  let heading: string | undefined;
  const pattern = /^(#+ [^\n]*)$|^```(\w*)[^\n]*\n(.*?)^```$/gms;
  for (const { 1: title, 2: language = '', 3: text = '', index } of source.matchAll(pattern)) {
    if (title === undefined) {
      fences.push({ page, line: source.slice(0, index).split('\n').length, heading, language, text });
    } else heading = title;
  }
  return fences;
}

export function blocksOf(page: string): Block[] {
  const fences = fencesOf(page);
  return fences.flatMap((fence, index) => {
    if (fence.language !== 'ts') return [];
    const file = /^\/\/ ([\w.-]+)\.ts\n/.exec(fence.text)?.[1];
    const next = fences[index + 1];
    const isOutput = next?.language === 'text' && next.heading === fence.heading;
    return {
      ...fence,
      name: file ?? `${basename(page, '.md')}-${fence.line}`,
      output: isOutput ? next.text : undefined,
    };
  });
}
