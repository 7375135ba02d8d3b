import fc from 'fast-check';
import type { Needing } from '../../../lib/host/order/needs';
import { type Comeback, merge, type Move, movesOf } from '../../../lib/host/supervision/comeback';

/** An agent of a group, as a comeback sees it. */
interface Member extends Needing {
  standing: Needing['standing'];
}

const member = (name: string, standing: Member['standing'], needs: readonly string[] = []): Member => ({
  name,
  needs,
  standing,
});

const movesIn = (
  stage: Comeback['stage'],
  agents: readonly Member[],
  isChain = false,
  others: readonly Member[] = [],
) =>
  movesOf({ agents, stage, isChain }, (name) => [...agents, ...others].find((one) => one.name === name)).map(
    (move) => ('agent' in move ? `${move.do} ${move.agent.name}` : move.do),
  );

describe('A comeback that falls', () => {
  it.each<[string, Member[], boolean, string[]]>([
    [
      'suspends all that nobody needs, the last started first',
      [member('a', 'ready'), member('b', 'ready')],
      false,
      ['suspend b', 'suspend a'],
    ],
    [
      'keeps one that another one needs, until that is down',
      [member('a', 'ready'), member('b', 'ending', ['a'])],
      false,
      [],
    ],
    ['goes on when that is down', [member('a', 'ready'), member('b', 'down', ['a'])], false, ['suspend a']],
    [
      'keeps one that is before another one in a chain',
      [member('a', 'ready'), member('b', 'starting')],
      true,
      ['suspend b'],
    ],
    [
      'goes by the one before the one that is gone',
      [member('a', 'ready'), member('b', 'gone'), member('c', 'ready')],
      true,
      ['suspend c'],
    ],
    ['waits when all that are left are down', [member('a', 'down'), member('b', 'gone')], false, ['wait']],
    [
      'begins somewhere in a circle',
      [member('a', 'ready', ['b']), member('b', 'ready', ['a'])],
      false,
      ['suspend b'],
    ],
    ['is over when all are gone', [member('a', 'gone')], false, ['end']],
  ])('%s', (_what, agents, isChain, moves) => {
    expect(movesIn('falling', agents, isChain)).toEqual(moves);
  });
});

describe('A comeback that rises', () => {
  it.each<[string, Member[], Member[], string[]]>([
    ['begins all that need nobody', [member('a', 'down'), member('b', 'down')], [], ['begin a', 'begin b']],
    [
      'keeps one until those that it needs are ready',
      [member('a', 'starting'), member('b', 'down', ['a'])],
      [],
      [],
    ],
    [
      'does not wait for one that is gone',
      [member('a', 'gone'), member('b', 'down', ['a'])],
      [],
      ['begin b'],
    ],
    ['waits for one of another group', [member('b', 'down', ['x'])], [member('x', 'down')], []],
    [
      'does not wait for one that waits for it',
      [member('b', 'down', ['x'])],
      [member('x', 'down', ['y']), member('y', 'down', ['b'])],
      ['begin b'],
    ],
    ['is over when nobody is down', [member('a', 'starting'), member('b', 'ready')], [], ['end']],
  ])('%s', (_what, agents, others, moves) => {
    expect(movesIn('rising', agents, false, others)).toEqual(moves);
  });
});

describe('Another failure on the way', () => {
  it('takes along those that are not up again, and leaves the others', () => {
    const [a, b, c, d] = [
      member('a', 'down'),
      member('b', 'ready'),
      member('c', 'ready'),
      member('d', 'ending'),
    ];
    const order = [a, b, c, d];
    const merged = merge(order, [c, d], [{ agents: [a, b, c], stage: 'rising', isChain: true }]);
    expect(merged.map(({ name }) => name)).toEqual(['a', 'c', 'd']);
  });
});

/** Chooses by a seed. */
function chooser(seed: number): (n: number) => number {
  let state = seed | 1;
  return (n) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % n;
  };
}

describe('Any group', () => {
  it('comes to rest through a hundred thousand sequences of events: all that are left are ready', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const choose = chooser(seed);
        for (let sequence = 0; sequence < 50; sequence++) playGroup(choose);
      }),
      { numRuns: Math.ceil(Number(process.env['LIVES_SEQUENCES'] ?? 100_000) / 50) },
    );
  });
});

interface Way extends Comeback<Member> {
  stage: Comeback['stage'];
}

/** Lets members fail, end and get ready in any order, and does what the moves say. */
function playGroup(choose: (n: number) => number): void {
  const count = 1 + choose(5);
  const isChain = choose(3) === 0;
  const members: Member[] = Array.from({ length: count }, (_, index) => {
    // In a chain nobody can need one behind it: that is refused when it is started.
    const most = isChain ? index : count;
    const needs = Array.from({ length: most === 0 ? 0 : choose(3) }, () => `m${choose(most)}`);
    return member(
      `m${index}`,
      'ready',
      needs.filter((name) => name !== `m${index}`),
    );
  });
  const strategy = isChain ? 1 : choose(2) * 2;
  let ways: Way[] = [];
  const lookUp = (name: string): Needing | undefined =>
    members.find((one) => one.name === name && one.standing !== 'gone');

  const look = (): void => {
    for (let isNew = true; isNew;) {
      isNew = false;
      for (const way of ways) {
        const [move] = movesOf(way, lookUp).filter((one) => isDue(one));
        if (move === undefined) continue;
        isNew = true;
        perform(way, move);
        break;
      }
    }
  };
  const isDue = (move: Move<Member>): boolean => move.do !== 'suspend' || move.agent.standing !== 'ending';
  const perform = (way: Way, move: Move<Member>): void => {
    if (move.do === 'end') ways = ways.filter((other) => other !== way);
    else if (move.do === 'wait') way.stage = 'waiting';
    else if (move.do === 'suspend') move.agent.standing = 'ending';
    else {
      for (const name of move.agent.needs) {
        const needed = lookUp(name);
        // Nobody starts before those that it needs, but for circles.
        if (
          needed !== undefined &&
          needed.standing !== 'ready' &&
          !needsBack(needed, move.agent.name, new Set())
        )
          throw new Error(`${move.agent.name} starts before ${name}`);
      }
      move.agent.standing = 'starting';
    }
  };
  const needsBack = (from: Needing, name: string, seen: Set<string>): boolean => {
    if (seen.has(from.name)) return false;
    seen.add(from.name);
    return from.needs.some((need) => {
      const next = lookUp(need);
      return need === name || (next !== undefined && needsBack(next, name, seen));
    });
  };
  const fail = (failed: Member): void => {
    const from = members.indexOf(failed);
    const affected = [[failed], members.slice(from), members][strategy]!.filter(
      ({ standing }) => standing !== 'gone',
    );
    const merged = ways.filter(({ agents }) => agents.some((other) => affected.includes(other)));
    const agents = merge(members, affected, merged);
    ways = [...ways.filter((other) => !merged.includes(other)), { agents, stage: 'falling', isChain }];
    failed.standing = 'ending';
    look();
  };
  const goOn = (one: Member): void => {
    if (one.standing === 'starting') one.standing = 'ready';
    else if (one.standing === 'ending') one.standing = 'down';
    look();
  };
  const wake = (): void => {
    for (const way of ways) if (way.stage === 'waiting') way.stage = 'rising';
    look();
  };

  for (let events = choose(20); events > 0; events--) {
    const one = members[choose(count)]!;
    const act = choose(10);
    if (one.standing === 'gone') continue;
    if (act < 3 && (one.standing === 'ready' || one.standing === 'starting')) fail(one);
    else if (act === 3) {
      one.standing = 'gone';
      look();
    } else if (act === 4) wake();
    else goOn(one);
  }
  for (
    let rounds = 0;
    members.some(({ standing }) => standing !== 'ready' && standing !== 'gone');
    rounds++
  ) {
    if (rounds > 50) throw new Error(`does not come to rest: ${JSON.stringify({ members, ways })}`);
    for (const one of members) goOn(one);
    wake();
  }
  if (ways.length > 0) throw new Error(`is not over: ${JSON.stringify(ways)}`);
}
