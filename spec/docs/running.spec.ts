import { join } from 'node:path';
import { showTrace } from '../../lib/cli/showTrace';
import { readPage, ROOT } from './support/blocks';

it('shows in the guide what trace show prints', async () => {
  const lines: string[] = [];
  const path = join(ROOT, 'spec/cli/support/day.ndjson');
  await showTrace(path, { width: 100 }, (text) => lines.push(text));
  expect(readPage('docs/running.md')).toContain(lines.join('\n').replace(path, 'day.ndjson'));
});
