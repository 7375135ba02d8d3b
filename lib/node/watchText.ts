import { type StatsListener, unwatchFile, watchFile } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

/** How often a file is looked at, in ms, and how long it has to stay the same before it counts as written. */
const INTERVAL = 200;
const SETTLED_AFTER = 100;

/**
 * Tells of each new text of a file, when it has been written to its end, or of undefined when the file is gone.
 * The file is asked for its state rather than watched: an editor that replaces it, a mounted volume, and a link that
 * is set anew look all the same then. It keeps no process from ending.
 *
 * @param known the text that the file had when it was last read
 * @returns what ends it
 */
export function watchText(
  path: string,
  known: string,
  changed: (text: string | undefined) => void,
): () => void {
  let last: string | undefined = known;
  let isOver = false;
  let isReading = false;
  let isStale = false;

  const look = async (): Promise<void> => {
    isStale = true;
    if (isReading) return;
    isReading = true;
    let text = last;
    while (isStale) {
      isStale = false;
      text = await settledText(path);
    }
    isReading = false;
    if (isOver || text === last) return;
    last = text;
    changed(text);
  };

  const listener: StatsListener = (now, before) => {
    // Reading a file changes its state, too.
    if (now.mtimeMs !== before.mtimeMs || now.size !== before.size || now.ino !== before.ino) void look();
  };
  watchFile(path, { interval: INTERVAL, persistent: false }, listener);
  // It may have changed since it was read.
  void look();
  return () => {
    isOver = true;
    unwatchFile(path, listener);
  };
}

async function settledText(path: string): Promise<string | undefined> {
  let text = await textOf(path);
  while (true) {
    await pause(SETTLED_AFTER, undefined, { ref: false });
    const next = await textOf(path);
    if (next === text) return text;
    text = next;
  }
}

function textOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}
