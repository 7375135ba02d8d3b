import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPage, ROOT } from './support/blocks';

describe('docs/errors.md', () => {
  it('has each code once, and no others', () => {
    const source = readFileSync(join(ROOT, 'lib/AgentError.ts'), 'utf8');
    const codes = [...source.matchAll(/^ {2}\| '([a-z-]+)'/gm)].map(([, code]) => code);
    const documented = [...readPage('docs/errors.md').matchAll(/^\| `([a-z-]+)` /gm)].map(([, code]) => code);
    expect(codes.length).toBeGreaterThan(20);
    expect(documented.sort()).toEqual(codes.sort());
  });
});
