import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** A fenced block of a page. */
export interface Fence {
  readonly page: string;
  /** The line on which it begins, from 1. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

/** A ts block: a whole module, which later blocks of the page can import if its first line names its file. */
export interface Block extends Fence {
  /** Its file's name, without `.ts`. */
  readonly name: string;
  /** What it prints, or how its test fails: the text block behind it, if there is one. */
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
  const fences: Fence[] = [];
  const pattern = /^```(\w*)[^\n]*\n(.*?)^```$/gms;
  const source = readPage(page);
  for (const { 1: language = '', 2: text = '', index } of source.matchAll(pattern)) {
    fences.push({ page, line: source.slice(0, index).split('\n').length, language, text });
  }
  return fences;
}

export function blocksOf(page: string): Block[] {
  const fences = fencesOf(page);
  return fences.flatMap((fence, index) => {
    if (fence.language !== 'ts') return [];
    const file = /^\/\/ ([\w.-]+)\.ts\n/.exec(fence.text)?.[1];
    const next = fences[index + 1];
    return {
      ...fence,
      name: file ?? `${basename(page, '.md')}-${fence.line}`,
      output: next?.language === 'text' ? next.text : undefined,
    };
  });
}
