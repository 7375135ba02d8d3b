import { liveClock, memoryStore, Scheduler, type MemoryStore } from 'rx-agent-kit';
import { storeContract } from './support/storeContract';

storeContract('memoryStore', () => {
  const store = memoryStore();
  return { store, again: () => store };
});

describe('memoryStore', () => {
  let store: MemoryStore;
  const context = { scheduler: new Scheduler(liveClock()) };

  beforeEach(() => {
    store = memoryStore();
  });

  it('refuses commits when it is told to fail, with the error it is told', async () => {
    const open = await store.open('host', context);
    store.behave('fail');
    await expect(open.commit([['a', 1]])).rejects.toMatchObject({ code: 'store-failed' });
    store.behave(new Error('the disk is full'));
    await expect(open.commit([['a', 1]])).rejects.toThrow('the disk is full');
    store.behave('ok');
    await open.commit([['a', 2]]);
    expect(store.entries()).toEqual(new Map([['a', 2]]));
    expect(store.commits).toBe(1);
  });

  it('tears a batch, of which nothing is seen at the next opening', async () => {
    const open = await store.open('host', context);
    await open.commit([
      ['a', 1],
      ['b', 1],
      ['c', 1],
    ]);
    store.behave((commit) => (commit === 2 ? 'tear' : 'ok'));
    await expect(
      open.commit([
        ['a', 2],
        ['b', undefined],
        ['d', 2],
      ]),
    ).rejects.toThrow();
    const again = await store.open('host', context);
    expect(new Map(again.read())).toEqual(
      new Map([
        ['a', 1],
        ['b', 1],
        ['c', 1],
      ]),
    );
  });

  it('takes its time', async () => {
    const open = await store.open('host', context);
    store.behave({ slow: 1 });
    const commit = open.commit([['a', 1]]);
    expect(store.entries().size).toBe(0);
    await commit;
    expect(store.entries().size).toBe(1);
  });
});
