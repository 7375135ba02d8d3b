// What the thread of a watchdog does. It is JavaScript, since it is loaded as it is.
import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

const { shared, after, period } = workerData;
// The number 0 is nobody's.
const names = [undefined];
let beat = Atomics.load(shared, 0);
// It counts its own turns: while the whole machine sleeps nobody blocks anything.
let silent = 0;
let suspect = -1;

parentPort.on('message', (name) => names.push(name));

globalThis.setInterval(() => {
  const latest = Atomics.load(shared, 0);
  if (latest !== beat) {
    if (suspect >= 0) parentPort.postMessage({ suspect, ms: silent });
    [beat, silent, suspect] = [latest, 0, -1];
    return;
  }
  silent += period;
  if (suspect >= 0 || silent < after) return;
  suspect = Atomics.load(shared, 1);
  const who = suspect === 0 ? 'No agent was at work' : `Last at work: ${names[suspect]}`;
  tell(`The event loop has been blocked for ${silent} ms. ${who}.\n`);
}, period);

function tell(text) {
  try {
    // The thread's own stderr goes by way of the event loop that is blocked.
    writeSync(2, text);
  } catch {
    // Nobody reads it, or the disk is full: the host is told all the same, later.
  }
}
