// Run as a process: it runs one command line after the other, as messages ask for, each as if it were the only one.
// Its first argument is the command, which ends by `process.exit`, and is evaluated anew for each.
import { pathToFileURL } from 'node:url';

const [node = '', , main = ''] = process.argv;
let count = 0;

process.on('message', (args: readonly string[]) => {
  const printed = { out: '', err: '' };
  const take = (where: 'out' | 'err') => (text: string | Uint8Array, written?: unknown) => {
    printed[where] += String(text);
    if (typeof written === 'function') process.nextTick(written);
    return true;
  };
  process.stdout.write = take('out');
  process.stderr.write = take('err');
  process.argv = [node, main, ...args];
  process.exit = ((code: number) => {
    // Each has listened to what becomes of its output.
    process.stdout.removeAllListeners('error');
    process.stderr.removeAllListeners('error');
    process.send?.({ ...printed, code });
  }) as typeof process.exit;
  void import(`${pathToFileURL(main).href}?${count++}`);
});
