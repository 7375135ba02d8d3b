import fc from 'fast-check';
import { join } from 'node:path';
import type { Effect, Fate, LifeEvent, LifeState, Stage } from '../../../lib/agent/life/LifeState';
import { NEW } from '../../../lib/agent/life/LifeState';
import { step } from '../../../lib/agent/life/step';
import { listOf, readTable } from '../../docs/support/readTable';

const table = readTable(join(__dirname, '../../../docs/lives.md'), 'agent');

const stages: Stage[] = [
  'new',
  'setup',
  'waiting',
  'connecting',
  'joining',
  'configured',
  'start',
  'ready',
  'draining',
  'stopping',
  'leaving',
  'clearing',
  'finishing',
  'down',
  'standby',
  'gone',
];
const fates: Fate[] = ['open', 'failing', 'back', 'standby', 'turn', 'stopped', 'failed'];
const events: LifeEvent[] = [
  'begin',
  'go',
  'suspend',
  'stand by',
  'turn',
  'stop',
  'hurry',
  'set-up',
  'connected',
  'joined',
  'configured',
  'started',
  'came',
  'quiet',
  'turned',
  'fails',
  'fails-for-good',
  'overdue',
  'late',
  'end',
  'returns',
  'refused',
];
const flags = [false, true];
const states: LifeState[] = stages.flatMap((stage) =>
  fates.flatMap((fate) =>
    flags.flatMap((hasLived) =>
      flags.flatMap((isHurried) => flags.map((isLate) => ({ stage, fate, hasLived, isHurried, isLate }))),
    ),
  ),
);

function isMeant(row: Record<string, string>, state: LifeState, event: LifeEvent): boolean {
  const { stage, fate, hasLived, isHurried, isLate } = state;
  const condition = { '': true, lived: hasLived, never: !hasLived, late: isHurried || isLate }[
    row['if'] ?? ''
  ];
  return (
    row['event'] === event &&
    listOf(row['stage']).includes(stage) &&
    (row['fate'] === '' || listOf(row['fate']).includes(fate)) &&
    condition === true
  );
}

function orElse<T extends string>(cell: string | undefined, present: T): T {
  return cell === undefined || cell === '' ? present : (cell as T);
}

/** What the table says: the first row that is meant counts. */
function byTable(state: LifeState, event: LifeEvent): [Stage, Fate, Effect[]] {
  if (event === 'hurry') {
    const waits = ['draining', 'stopping', 'clearing', 'finishing'].includes(state.stage);
    return waits && !state.isHurried ? byTable(state, 'late') : [state.stage, state.fate, []];
  }
  const row = table.find((one) => isMeant(one, state, event));
  if (row === undefined) return [state.stage, state.fate, []];
  return [
    orElse(row['next stage'], state.stage),
    orElse(row['next fate'], state.fate),
    listOf(row['what is done']) as Effect[],
  ];
}

describe('The table of the life of an agent', () => {
  it.each(events)('is what the function does at %s, in every state', (event) => {
    const wrong = states.filter((state) => {
      const [next, effects] = step(state, event);
      return JSON.stringify([next.stage, next.fate, effects]) !== JSON.stringify(byTable(state, event));
    });
    expect(wrong).toEqual([]);
  });

  it('has a row for each transition, and each row is one', () => {
    expect(table.length).toBeGreaterThan(40);
    for (const row of table) {
      const reached = states.some((state) =>
        events.some((event) => table.find((one) => isMeant(one, state, event)) === row),
      );
      expect([row, reached]).toEqual([row, true]);
    }
  });
});

/** As an expectation, at a fraction of its cost. */
function must(holds: boolean, what: string, state: unknown): void {
  if (!holds) throw new Error(`${what}: ${JSON.stringify(state)}`);
}

/** What a life promises, seen from outside while it goes by the table. */
class World {
  state = NEW;
  readonly done: Effect[] = [];
  /** What may come by itself: what was begun and has not answered. */
  pending = new Set<LifeEvent>();
  isStartSettled = true;
  hasClosed = true;
  private readonly queue: LifeEvent[] = [];

  send(event: LifeEvent): void {
    this.queue.push(event);
    for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) this.take(next);
  }

  private take(event: LifeEvent): void {
    this.pending.delete(event);
    const before = this.state;
    const [state, effects] = step(before, event);
    this.state = state;
    // Whoever is gone, or was stopped or failed for good, stays so.
    if (before.stage === 'gone') must(state.stage === 'gone', 'gone for good', before);
    if (isForGood(before)) must(isForGood(state), 'down is down', before);
    for (const effect of effects) this.perform(effect);
  }

  private perform(effect: Effect): void {
    this.done.push(effect);
    const { pending } = this;
    switch (effect) {
      case 'set up':
        // No life begins while another one is there.
        must(this.hasClosed, 'one life at a time', this.state);
        this.hasClosed = false;
        if (!this.state.hasLived) this.isStartSettled = false;
        pending.add('set-up').add('go');
        return;
      case 'go soon':
        pending.add('go');
        return;
      case 'connect':
        pending.add('connected').add('overdue');
        return;
      case 'join':
        pending.add('joined');
        return;
      case 'configure':
        pending.add('configured');
        return;
      case 'start':
        pending.add('started');
        return;
      case 'await ready':
        pending.add('came').add('overdue');
        return;
      case 'be ready':
        this.isStartSettled = true;
        pending.delete('overdue');
        return;
      case 'end soon':
        pending.add('end');
        return;
      case 'ask':
        this.queue.unshift(this.done.length % 2 === 0 ? 'returns' : 'refused');
        return;
      case 'announce':
        this.isStartSettled = true;
        pending.delete('overdue');
        return;
      case 'begin stop':
        for (const event of ['end', 'go', 'came', 'connected'] as const) pending.delete(event);
        return;
      case 'await drained':
      case 'await stopped':
      case 'await cleared':
      case 'await finished':
        pending.add('quiet').add('late');
        return;
      case 'let pass':
        pending.delete('quiet');
        pending.add('turned');
        return;
      case 'close':
        this.hasClosed = true;
        for (const event of ['quiet', 'late', 'turned', 'end', 'go'] as const) pending.delete(event);
        return;
      case 'be down':
        pending.add('begin');
        return;
      case 'be standby':
        pending.add('turn');
        return;
      case 'take turn':
        pending.add('go');
        this.queue.push('begin');
        return;
      case 'be gone':
        must(this.hasClosed && this.isStartSettled, 'closed and told', this.state);
        pending.clear();
        return;
      default:
        return;
    }
  }
}

function isForGood({ fate }: LifeState): boolean {
  return fate === 'stopped' || fate === 'failed';
}

/** Chooses by a seed: a sequence of its own costs more to make than to try. */
function chooser(seed: number): (n: number) => number {
  let state = seed | 1;
  return (n) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % n;
  };
}

const SEQUENCES = Number(process.env['LIVES_SEQUENCES'] ?? 100_000);
/** So many are made of one seed. */
const BATCH = 100;

/** What anybody may ask for, or may go wrong, at any time. */
const ANY_TIME: LifeEvent[] = ['stop', 'suspend', 'stand by', 'hurry', 'fails', 'fails-for-good', 'go'];

/** Whatever it has begun comes, in any order, and whatever else may. */
function liveAnyhow(choose: (n: number) => number): World {
  const world = new World();
  world.send('begin');
  for (let length = choose(32); length > 0; length--) {
    // What answers is more likely than what goes wrong, lest no life gets far.
    const from = [ANY_TIME, DEADLINES][choose(12)] ?? ANSWERS;
    const open = from === ANY_TIME ? from : from.filter((event) => world.pending.has(event));
    const event = open[choose(open.length)];
    if (event !== undefined) world.send(event);
  }
  return world;
}

const DEADLINES: LifeEvent[] = ['overdue', 'late'];
const ANSWERS = events
  .filter((event) => !ANY_TIME.includes(event) || event === 'go')
  .filter((event) => !DEADLINES.includes(event));

function forEachSequence(count: number, check: (choose: (n: number) => number) => void): void {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const choose = chooser(seed);
      for (let sequence = 0; sequence < BATCH; sequence++) check(choose);
    }),
    { numRuns: Math.ceil(count / BATCH) },
  );
}

describe('Any life', () => {
  it('keeps its promises through a hundred thousand sequences of events', () => {
    let lived = 0;
    forEachSequence(SEQUENCES, (choose) => {
      const world = liveAnyhow(choose);
      if (world.state.hasLived) lived++;
      // From wherever it is, it comes to its end by its deadlines alone, once it is stopped.
      world.send('stop');
      for (let steps = 0; world.state.stage !== 'gone'; steps++) {
        const wakes = WAKES.filter((event) => world.pending.has(event));
        must(steps < 20 && wakes.length > 0, 'something wakes it', world.state);
        world.send(wakes[choose(wakes.length)]!);
      }
      must(world.isStartSettled && world.hasClosed, 'closed and told', world.state);
      must(world.pending.size === 0, 'nothing is left', [...world.pending]);
      must(world.done.filter((effect) => effect === 'be gone').length === 1, 'gone once', world.done);
      must(isForGood(world.state), 'for good', world.state);
    });
    // Else it would prove little.
    expect(lived).toBeGreaterThan(SEQUENCES / 20);
  });

  it('gets ready, or has told why not, when nothing goes wrong any more', () => {
    let ready = 0;
    forEachSequence(SEQUENCES / 5, (choose) => {
      const world = liveAnyhow(choose);
      for (let steps = 0; !['ready', 'gone'].includes(world.state.stage); steps++) {
        const next = ONWARDS.find((event) => world.pending.has(event));
        if (steps > 40 || next === undefined)
          throw new Error(`nothing wakes it: ${JSON.stringify(world.state)}`);
        world.send(next);
      }
      if (world.state.stage === 'ready') ready++;
      must(world.state.stage === 'ready' || isForGood(world.state), 'ready or gone for good', world.state);
      must(world.isStartSettled, 'told', world.state);
    });
    expect(ready).toBeGreaterThan(SEQUENCES / 100);
  });
});

const WAKES: LifeEvent[] = ['late', 'turned', 'set-up', 'quiet'];
const ONWARDS: LifeEvent[] = [
  'end',
  'begin',
  'turn',
  'set-up',
  'go',
  'connected',
  'joined',
  'configured',
  'started',
  'came',
  'quiet',
  'turned',
];
