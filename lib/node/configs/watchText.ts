import { type StatsListener, statSync, unwatchFile, watchFile } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

/** How often a file is looked at, in ms, and how long it has to stay the same before it counts as written. */
const INTERVAL = 200;
const SETTLED_AFTER = 100;

/**
 * Tells of each new text of a file, when it has been written to its end, or of undefined when the file is gone.
 * The file is asked for its state rather than watched: an editor that replaces it, a mounted volume, and a link that
 * is set anew look all the same then. It keeps no process from ending. What is no file, such as a pipe, has been read
 * once and for all: it is not looked at.
 *
 * @param known the text that the file had when it was last read
 * @returns what ends it
 */
export function watchText(
  path: string,
  known: string,
  changed: (text: string | undefined) => void,
): () => void {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === false) return () => undefined;
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
    // Who writes the file does so by the machine's clock, whatever the agents' is.
    await pause(SETTLED_AFTER, undefined, { ref: false });
    const next = await textOf(path);
    if (next === text) return text;
    text = next;
  }
}

/** A pipe may have taken the file's place: to open one could hold a thread for good. */
async function textOf(path: string): Promise<string | undefined> {
  try {
    return (await stat(path)).isFile() ? await readFile(path, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}
