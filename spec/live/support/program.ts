// Run as a process: a program of one line, and what its argument says.
import { map } from 'rxjs';
import { defineAgent, type Log, silentLog } from 'rx-agent-kit';
import { runAgents } from 'rx-agent-kit/node';

const [, , what = 'runs', trace] = process.argv;
const told = (message: string): void => {
  console.log(message);
};
const log: Log = { ...silentLog, info: told, warn: told, error: told };

/** It arms nothing, and so would not keep the process alive by itself. */
const quiet = defineAgent({
  name: 'quiet',
  streams: ({ lifecycle, handle }) => ({
    bye$: lifecycle.stop$.pipe(handle.concat(async () => console.log('bye'))),
  }),
});
const crasher = defineAgent({
  name: 'crasher',
  streams: ({ lifecycle, time }) => ({
    bad$: lifecycle.start$.pipe(
      time.after('20ms'),
      map((): number => {
        throw new Error('the spring broke');
      }),
    ),
  }),
});
const broken = defineAgent({
  name: 'broken',
  streams: () => {
    throw new Error('no sensor');
  },
});

switch (what) {
  case 'crashes':
    await runAgents([quiet, crasher], { log });
    break;
  case 'cannot start':
    await runAgents([quiet, broken], { log }).catch((error: unknown) => {
      console.log((error as { readonly code: string }).code);
    });
    break;
  case 'stops itself':
    await runAgents([quiet], { log, ...(trace !== undefined && { trace }), onReady: (host) => host.stop() });
    break;
  default:
    await runAgents([quiet], { log });
}
