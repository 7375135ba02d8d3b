// npm run start:cluster: the site on three machines over NATS, an hour in a minute. One of them is killed in an event.
import { parseArgs, styleText } from 'node:util';
import { delay, filter, firstValueFrom, merge, race, take, tap, timer } from 'rxjs';
import { liveClock } from 'rx-agent-kit';
import type { Paint } from '../show/Board';
import { MachineProcess } from './MachineProcess';
import { startNatsServer } from './natsServer';
import { type MachineName, Show } from './Show';
import { startUtility } from './utility';

const HELP = `npm run start:cluster -- [options]

  --servers <url>   servers of NATS with JetStream, instead of one that is started here
  --speed <n>       ms of the agents in one real ms (default: 60)
  --minutes <n>     how long, by the agents' clock (default: 60)
  --no-kill         no machine is killed: kill one yourself
  --help

Ctrl-C stops it cleanly.`;

/** The machines, with what each of them runs while all are well. */
const MACHINES: Readonly<Record<MachineName, string>> = {
  'site-a': 'ven',
  'site-b': 'setpoint shaper',
  'site-c': 'meter',
};
const MINUTE = 60_000;
/** How long an event has been followed when a machine is killed, in real ms. */
const IN_THE_MIDST = 2000;

try {
  const { values } = parseArgs({
    options: {
      servers: { type: 'string' },
      speed: { type: 'string', default: '60' },
      minutes: { type: 'string', default: '60' },
      'no-kill': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) console.log(HELP);
  else await run(values.servers, Number(values.speed), Number(values.minutes), !values['no-kill']);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

async function run(given: string | undefined, speed: number, minutes: number, kills: boolean): Promise<void> {
  const interrupted = interruption();
  const server = given === undefined ? await startNatsServer() : undefined;
  const servers = given ?? server?.url ?? '';
  const machines = new Map<MachineName, MachineProcess>();
  try {
    await play();
  } finally {
    await Promise.all([...machines.values()].map((machine) => machine.stop()));
    await server?.stop();
  }

  async function play(): Promise<void> {
    const hasColors = process.stdout.isTTY && process.stdout.hasColors();
    const paint: Paint = (style, text) => (hasColors ? styleText(style, text) : text);
    console.log(paint('bold', `OpenADR 2.0b: a site on three machines, over NATS at ${servers}`));
    console.log(
      `${speed} times as fast as it would be; Ctrl-C stops it. A lane shows which agents run there.\n`,
    );
    for (const [name, leads] of Object.entries(MACHINES) as [MachineName, string][])
      machines.set(name, new MachineProcess(name, { leads, servers, speed: String(speed) }));
    const all = [...machines.values()];
    await Promise.race([Promise.all(all.map(({ isLoaded }) => isLoaded)), interrupted]);

    const since = Date.now();
    const clock = liveClock({ speed, since });
    const show = new Show(paint, () => clock.wallNow() - since, console.log);
    const utility = await startUtility({ servers, clock, real: (seconds) => `${seconds * speed}s` });
    const told$ = merge(
      ...[...machines].map(([name, { told$ }]) => told$.pipe(tap((told) => show.told(name, told)))),
      utility.notices$.pipe(tap((notice) => show.noticed(notice))),
      utility.heard$.pipe(tap((heard) => show.heard(heard))),
    );
    const shown = told$.subscribe();
    if (kills)
      shown.add(
        utility.heard$
          .pipe(
            filter(({ isEvent }) => isEvent === true),
            take(1),
            delay(IN_THE_MIDST),
          )
          .subscribe(() => {
            const name = show.roster.whereIs('ven') as MachineName;
            show.dies(name);
            void machines.get(name)?.kill();
          }),
      );
    for (const machine of all) machine.begin({ vtnUrl: utility.vtnUrl, since });
    await Promise.race([Promise.all(all.map(({ isUp }) => isUp)), interrupted]);
    for (const machine of all) machine.startAll();
    await firstValueFrom(race(timer((minutes * MINUTE) / speed), interrupted));

    shown.unsubscribe();
    await Promise.all(all.map((machine) => machine.stop()));
    const { left } = await utility.host.stop();
    console.log(
      `\n${paint('bold', 'Stopped')}: ${left.length === 0 ? 'nothing is left' : 'not all has ended'}.`,
    );
    for (const line of show.summary()) console.log(line);
  }
}

/**
 * Resolves at Ctrl-C, or when the terminal is closed: what has been started here is stopped in any case. A signal may
 * come several times, by npm and by the terminal, and must not end the stop.
 */
function interruption(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => resolve());
  });
}
