// npm start: a VTN, a VEN and a site in one host, an hour in a minute. With --vtn it speaks to a VTN of your own.
import { readFileSync } from 'node:fs';
import { styleText } from 'node:util';
import { parseArgs } from 'node:util';
import { filter, firstValueFrom, map, NEVER, race, timer } from 'rxjs';
import { createHost, liveClock, silentLog, withConfig } from 'rx-agent-kit';
import { lmdbStore } from 'rx-agent-kit/lmdb';
import { stopOnSignals } from 'rx-agent-kit/node';
import { Board, LANES, type Paint } from './show/Board';
import { cellsOf } from './show/cellsOf';
import { Tally } from './show/Tally';
import { beginningIn } from './beginningIn';
import { machineGauge } from './site/machineGauge';
import { meter } from './site/meter';
import { setpoint } from './site/setpoint';
import { shaper } from './site/shaper';
import { createVen } from './ven/ven';
import { Programme } from './vtn/programme';
import { durableVtn, vtn } from './vtn/vtn';

const HELP = `npm start -- [options]

  --vtn <url>     speak to the VTN at this URL instead of the one in here
  --ven <name>    the name to register by (default: example-ven)
  --speed <n>     ms of the agents in one real ms (default: 60; with --vtn 1)
  --minutes <n>   how long, by the agents' clock (default: 60; with --vtn until Ctrl-C)
  --store <dir>   go on where the process before this one was, however it has ended
  --help

Ctrl-C stops it cleanly: the registration is cancelled, or kept with --store.`;

const MINUTE = 60_000;
const RATED = 10;

try {
  const { values } = parseArgs({
    options: {
      vtn: { type: 'string' },
      ven: { type: 'string', default: 'example-ven' },
      speed: { type: 'string' },
      minutes: { type: 'string' },
      store: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) console.log(HELP);
  else await run(values);
} catch (error) {
  console.error(`${(error as Error).message}\n\n${HELP}`);
  process.exit(2);
}

interface Options {
  readonly vtn?: string | undefined;
  readonly ven: string;
  readonly speed?: string | undefined;
  readonly minutes?: string | undefined;
  readonly store?: string | undefined;
}

async function run(options: Options): Promise<void> {
  const isOwnVtn = options.vtn === undefined;
  const speed = Number(options.speed ?? (isOwnVtn ? 60 : 1));
  const minutes = Number(options.minutes ?? (isOwnVtn ? 60 : Infinity));
  const hasColors = process.stdout.isTTY && process.stdout.hasColors();
  const paint: Paint = (style, text) => (hasColors ? styleText(style, text) : text);

  const since = options.store === undefined ? Date.now() : beginningIn(options.store);
  const clock = liveClock({ speed, since });
  // The network and the machine are no faster than they are, however fast the agents live: what they are given is real time.
  const real = (seconds: number): string => `${Math.ceil(seconds * Math.max(speed, 1))}s`;
  const host = createHost({
    name: 'site',
    clock,
    log: silentLog,
    ...(options.store !== undefined && { store: lmdbStore(options.store) }),
    startTimeout: real(10),
    stopTimeout: real(10),
    stopDeadline: real(10),
  });
  const board = new Board(paint, LANES);
  const tally = new Tally(RATED);
  const start = since;
  host.outputs$.subscribe((output) => tally.add(output));
  host.errors$.subscribe((error) => tally.fail(error));
  cellsOf(host, () => clock.now()).subscribe(({ at, ...cell }) => {
    for (const line of board.lines(at - start, cell)) console.log(line);
  });

  console.log(
    paint('bold', `OpenADR 2.0b: a VEN and its site${isOwnVtn ? ', and a VTN' : ` on ${options.vtn}`}`),
  );
  console.log(
    `${speed} times as fast as it would be; Ctrl-C stops it. The load is this machine's own, on a base.\n`,
  );
  console.log(board.head());

  const stopped = new Promise<void>((resolve) => host.health$.subscribe({ complete: resolve }));
  stopOnSignals(host);

  const vtnUrl = options.vtn ?? (await startVtn());
  let load = 0;
  const isKept = options.store !== undefined;
  const ven = createVen({ decide: () => 'optIn', measure: () => load, durable: isKept });
  host.outputs$
    .pipe(
      filter(({ agent, stream }) => agent === 'meter' && stream === 'load$'),
      map(({ value }) => (value as { kilowatts: number }).kilowatts),
    )
    .subscribe((kilowatts) => {
      load = kilowatts;
    });
  await host.startAll([
    setpoint,
    withConfig(meter(machineGauge()), { ratedKilowatts: RATED, base: 0.6, period: '10s' }),
    withConfig(shaper, { ven: options.ven, minimumOn: 30_000, minimumOff: MINUTE }),
    withConfig(isOwnVtn ? { ...ven, needs: ['vtn'] } : ven, {
      venName: options.ven,
      vtnUrl,
      requestTimeout: real(20),
      reports: [{ specifierId: 'site', points: [{ rId: 'load', resourceId: 'site-1' }] }],
    }),
  ]);
  const time$ =
    minutes === Infinity ? NEVER : timer(Math.max(0, since + minutes * MINUTE - clock.wallNow()) / speed);
  await firstValueFrom(race(time$, stopped));
  const { left } = await host.stop();
  console.log(
    `\n${paint('bold', 'Stopped')}: ${left.length === 0 ? 'nothing is left' : `cut off: ${left.map(({ agent, stream }) => `${agent}.${stream}`).join(', ')}`}.`,
  );
  for (const line of tally.lines()) console.log(line);

  async function startVtn(): Promise<string> {
    const programme = Programme.parse(
      JSON.parse(readFileSync(new URL('./vtn/programme.json', import.meta.url), 'utf8')),
    );
    const url = firstValueFrom(
      host.outputs$.pipe(filter(({ agent, stream }) => agent === 'vtn' && stream === 'url$')),
    );
    await host.start(options.store === undefined ? vtn : durableVtn, { programme });
    return (await url).value as string;
  }
}
