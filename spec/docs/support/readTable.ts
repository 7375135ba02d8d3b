import { readFileSync } from 'node:fs';

/** The rows of a table of a page, each as a record by the heads of its columns; without quotes. */
export function readTable(page: string, name: string): Record<string, string>[] {
  const [, behind = ''] = readFileSync(page, 'utf8').split(`<!-- table: ${name} -->`);
  const lines = behind.trimStart().split('\n');
  const end = lines.findIndex((line) => !line.startsWith('|'));
  const [heads = [], , ...rows] = lines.slice(0, end < 0 ? undefined : end).map(cellsOf);
  return rows.map((cells) => Object.fromEntries(heads.map((head, index) => [head, cells[index] ?? ''])));
}

/** What stands between commas. */
export function listOf(cell = ''): string[] {
  return cell === '' ? [] : cell.split(', ');
}

function cellsOf(line: string): string[] {
  return line
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.replaceAll('`', '').trim());
}
