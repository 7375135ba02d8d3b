import { type Leases, liveClock, type OpenLeases, Scheduler } from 'rx-agent-kit';

/** What any {@link Leases} have to do. Real time passes, but no case waits for a span. */
export function leasesContract(name: string, createLeases: () => { one: Leases; other: Leases }): void {
  describe(`${name} as Leases`, () => {
    const context = { scheduler: new Scheduler(liveClock()) };
    let one: OpenLeases;
    let other: OpenLeases;

    beforeEach(async () => {
      const leases = createLeases();
      one = await leases.one.open('one', context);
      other = await leases.other.open('other', context);
    });

    afterEach(async () => {
      await one.close();
      await other.close();
    });

    it('have no mark at first', async () => {
      expect(await one.read('a')).toEqual({ number: 0, holder: '' });
    });

    it('show what one host has written to the other', async () => {
      const number = await one.write('a', 'one is ü/€.*>', 0);
      expect(number).toBeGreaterThan(0);
      expect(await other.read('a')).toEqual({ number, holder: 'one is ü/€.*>' });
    });

    it('refuse who does not know the last mark, and leave it', async () => {
      const first = await one.write('a', 'one', 0);
      expect(await other.write('a', 'other', 0)).toBeUndefined();
      const second = await other.write('a', 'other', first!);
      expect(second).toBeGreaterThan(first!);
      expect(await one.write('a', 'one', first!)).toBeUndefined();
      expect(await one.read('a')).toEqual({ number: second, holder: 'other' });
    });

    it('let one of many who write at once have it', async () => {
      const tries = Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? one : other).write('a', `${n}`, 0));
      expect((await Promise.all(tries)).filter((number) => number !== undefined)).toHaveLength(1);
    });

    it('keep names apart, whatever they are', async () => {
      const names = ['a', 'a/b', 'a.b', 'a b', '*', '>', 'ü', 'A', '$x', ''];
      for (const lease of names) await one.write(lease, `of ${lease}`, 0);
      for (const lease of names) expect((await other.read(lease)).holder).toBe(`of ${lease}`);
    });

    it('give it back, and on under a greater number', async () => {
      const first = await one.write('a', 'one', 0);
      const freed = await one.write('a', '', first!);
      expect(await other.read('a')).toEqual({ number: freed, holder: '' });
      expect(await other.write('a', 'other', freed!)).toBeGreaterThan(first!);
    });

    it('close twice', async () => {
      await one.close();
      await one.close();
      expect(await other.read('a')).toEqual({ number: 0, holder: '' });
    });
  });
}
