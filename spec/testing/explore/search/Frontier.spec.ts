import { Frontier } from '../../../../lib/testing/explore/search/Frontier';
import { RandomStrategy } from '../../../../lib/testing/explore/search/RandomStrategy';
import { PriorityStrategy } from '../../../../lib/testing/explore/search/PriorityStrategy';
import { Statistics } from '../../../../lib/testing/explore/search/Statistics';
import type { Strategy } from '../../../../lib/testing/explore/tape/Strategy';
import { seededRandom } from 'rx-agent-kit';

/** A run of three choices, of 2, 3 and 2 ways; the last one is there only where the first was taken. */
function play(strategy: Strategy): string {
  const first = strategy.answer(2, 'first', 0);
  const second = strategy.answer(3, 'second', 1);
  return first === 0 ? `${first}${second}` : `${first}${second}${strategy.answer(2, 'third', 2)}`;
}

describe('Frontier', () => {
  it('has each run once, those with the fewest deviations first', () => {
    const frontier = new Frontier(100);
    const runs: string[] = [];
    const depths: number[] = [];
    for (let next = frontier.next(); next !== undefined; next = frontier.next()) {
      runs.push(play(next));
      depths.push(frontier.depth);
      frontier.add(next);
    }
    expect([...runs].sort()).toEqual(['00', '01', '02', '100', '101', '110', '111', '120', '121']);
    expect(depths).toEqual([0, 1, 1, 1, 2, 2, 2, 3, 3]);
    expect(frontier.isEmpty).toBe(true);
  });

  it('says so when it had to leave some out', () => {
    const frontier = new Frontier(2);
    for (let next = frontier.next(); next !== undefined; next = frontier.next()) {
      play(next);
      frontier.add(next);
    }
    expect(frontier.isEmpty).toBe(false);
  });
});

describe('The strategies', () => {
  it('spread what is rare over a whole run', () => {
    const statistics = new Statistics();
    const random = seededRandom(1);
    const places = new Set<number>();
    for (let run = 0; run < 500; run++) {
      const strategy = new RandomStrategy(random, statistics);
      let isLeft = true;
      for (let index = 0; index < 20; index++)
        if (isLeft && strategy.answer(2, { kind: 'fault', tell: () => '' }) > 0) {
          places.add(index);
          isLeft = false;
        }
      statistics.runEnds();
    }
    expect(places.size).toBe(20);
  });

  it('find an order of three by priorities within few runs', () => {
    const statistics = new Statistics();
    const random = seededRandom(1);
    const lanes = [{}, {}, {}];
    const orders = new Set<string>();
    for (let run = 0; run < 100; run++) {
      const strategy = new PriorityStrategy(random, statistics);
      const left = [0, 1, 2];
      const order: number[] = [];
      while (left.length > 1) {
        const rivals = left.map((at) => lanes[at]!);
        order.push(
          ...left.splice(strategy.answer(left.length, { kind: 'order', tell: () => '', rivals }), 1),
        );
      }
      orders.add([...order, ...left].join(''));
      statistics.runEnds();
    }
    expect([...orders].sort()).toEqual(['012', '021', '102', '120', '201', '210']);
  });
});
