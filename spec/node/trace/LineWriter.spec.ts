import { LineWriter } from '../../../lib/node/trace/LineWriter';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A disk that is as slow as the test wants it to be. */
function slowDisk() {
  const pieces: string[] = [];
  const waiting: (() => void)[] = [];
  return {
    pieces,
    sink: (text: string) =>
      new Promise<void>((resolve) => {
        waiting.push(() => {
          pieces.push(text);
          resolve();
        });
      }),
    async step(): Promise<void> {
      waiting.shift()?.();
      await turn();
    },
  };
}

describe('LineWriter', () => {
  it('writes what comes while it writes as the next piece', async () => {
    const { pieces, sink, step } = slowDisk();
    const writer = new LineWriter(sink, 1000, () => undefined);
    writer.write('a\n');
    writer.write('b\n');
    await turn();
    writer.write('c\n');
    await step();
    await step();
    expect(pieces).toEqual(['a\nb\n', 'c\n']);
  });

  it('drops what does not fit, and says in its place how much', async () => {
    const { pieces, sink, step } = slowDisk();
    const writer = new LineWriter(sink, 4, () => undefined);
    expect([writer.write('a\n'), writer.write('b\n')]).toEqual([true, true]);
    await turn();
    // They wait for the disk still, and so there is no room.
    expect([writer.write('c\n'), writer.write('d\n')]).toEqual([false, false]);
    await step();
    expect(writer.write('e\n')).toBe(true);
    await turn();
    await step();
    expect(pieces.join('')).toBe('a\nb\n{"type":"dropped","count":2}\ne\n');
    expect(writer.dropped).toBe(2);
  });

  it('flushes what waits, also the word of what was dropped last', async () => {
    const { pieces, sink, step } = slowDisk();
    const writer = new LineWriter(sink, 2, () => undefined);
    writer.write('a\n');
    writer.write('b\n');
    const flushed = writer.flush();
    await turn();
    await step();
    await step();
    await flushed;
    expect(pieces.join('')).toBe('a\n{"type":"dropped","count":1}\n');
  });

  it('tells once of a disk that fails, and drops what comes then', async () => {
    const errors: unknown[] = [];
    const writer = new LineWriter(
      () => Promise.reject(new Error('full')),
      100,
      (error) => errors.push(error),
    );
    writer.write('a\n');
    await turn();
    expect([writer.write('b\n'), writer.write('c\n')]).toEqual([false, false]);
    await writer.flush();
    expect(errors).toEqual([new Error('full')]);
  });
});
