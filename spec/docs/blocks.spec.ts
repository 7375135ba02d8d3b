import { blocksOf, pages } from './support/blocks';
import { checkTypes } from './support/checkTypes';
import { PageRunner } from './support/runBlock';

describe.each(pages)('%s', (page) => {
  const runner = new PageRunner();

  it.each(blocksOf(page))('runs the block at line $line', (block) => runner.run(block));
});

it('finds no type error in any block', () => {
  expect(checkTypes(pages.flatMap(blocksOf))).toEqual([]);
}, 60_000);
