import { blocksOf, pages } from './support/blocks';
import { checkTypes } from './support/checkTypes';
import { runBlock } from './support/runBlock';

const withBlocks = pages.filter((page) => blocksOf(page).length > 0);

describe.each(withBlocks)('%s', (page) => {
  const blocks = blocksOf(page);

  it.each(blocks)('runs the block at line $line', (block) => runBlock(block, blocks));
});

it('finds no type error in any block', () => {
  expect(checkTypes(pages.flatMap(blocksOf))).toEqual([]);
});
