import fc from 'fast-check';
import { matches } from '../../../lib/messages/topics/pattern';
import { Router } from '../../../lib/messages/topics/Router';

// Few segments, so that filters and topics often meet.
const segment = fc.constantFrom('a', 'b', 'ab');
const topics = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
const filters = fc
  .tuple(fc.array(fc.oneof(segment, fc.constant('+')), { maxLength: 4 }), fc.boolean())
  .filter(([parts, hasRest]) => parts.length > 0 || hasRest)
  .map(([parts, hasRest]) => [...parts, ...(hasRest ? ['*'] : [])].join('/'));

/** The same as a regular expression, written from the definition. */
function fits(filter: string, topic: string): boolean {
  const source = filter.replace(/\/\*$/, '(/.*)?').replace(/^\*$/, '.*').replace(/\+/g, '[^/]+');
  return new RegExp(`^${source}$`).test(topic);
}

describe('matches', () => {
  it('agrees with a regular expression', () => {
    fc.assert(
      fc.property(filters, topics, (filter, topic) => {
        expect(matches(filter.split('/'), topic.split('/'))).toBe(fits(filter, topic));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('Router', () => {
  it('finds who wants a topic in the order in which they came, whoever has come and gone [B27]', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('add' as const), filter: filters }),
      fc.record({ kind: fc.constant('remove' as const), index: fc.nat() }),
      fc.record({ kind: fc.constant('find' as const), topic: topics, place: fc.nat(5) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const router = new Router<number>();
        const model: { readonly filter: string; readonly id: number; readonly remove: () => void }[] = [];
        for (const [id, now] of steps.entries()) {
          if (now.kind === 'add') model.push({ filter: now.filter, id, remove: router.add(now.filter, id) });
          else if (now.kind === 'remove') model.splice(now.index % (model.length + 1), 1)[0]?.remove();
          else {
            const wanted = model
              .filter(({ filter }) => fits(filter, now.topic))
              .map(({ id: target }) => target);
            const hint = { place: now.place };
            expect(router.find(now.topic, hint)).toEqual(wanted);
            expect(router.find(now.topic, hint)).toEqual(wanted);
            expect(router.find(now.topic)).toEqual(wanted);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('heeds no hint of another router', () => {
    const [one, other] = [new Router<string>(), new Router<string>()];
    const hint = { place: 0 };
    one.add('a', 'at one');
    other.add('a', 'at the other');
    for (let round = 0; round < 2; round++) {
      expect(one.find('b', hint)).toEqual([]);
      expect(one.find('a', hint)).toEqual(['at one']);
      expect(other.find('a', hint)).toEqual(['at the other']);
    }
  });

  it('keeps no node of a filter that has gone', () => {
    const router = new Router<number>();
    const removals = Array.from({ length: 1000 }, (_, n) => router.add(`a/${n}/+/*`, n));
    for (const remove of removals) remove();
    for (const remove of removals) remove();
    const { root } = router as unknown as { root: { next: Map<string, unknown> } };
    expect(root.next.size).toBe(0);
  });

  it('keeps no more topics than its bound', () => {
    const router = new Router<number>();
    router.add('a/+', 1);
    const found = Array.from({ length: 25_000 }, (_, n) => router.find(`a/${n}`).join());
    expect(new Set(found)).toEqual(new Set(['1']));
    expect((router as unknown as { known: Map<string, unknown> }).known.size).toBeLessThanOrEqual(10_000);
  });

  it('does not change what it has given', () => {
    const router = new Router<number>();
    const remove = router.add('a', 1);
    const found = router.find('a');
    remove();
    router.add('a', 2);
    expect(found).toEqual([1]);
    expect(router.find('a')).toEqual([2]);
  });

  it.each(['a/b', 'a/*'])('finds all of a crowd that wants %s', (filter) => {
    const router = new Router<number>();
    for (let id = 0; id < 300_000; id++) router.add(filter, id);
    expect(router.find('a/b')).toHaveLength(300_000);
  });
});
