import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { greeter } from '../../examples/01-delayed-async-handler';
import { poller } from '../../examples/02-policies';
import { reader } from '../../examples/03-cleanup';
import { story as configUpdate } from '../../examples/04-config-update';
import { uploader } from '../../examples/05-retry';
import { backup } from '../../examples/06-cron';
import { scale } from '../../examples/07-iteration';
import { loader } from '../../examples/08-external-work';
import { story as messagesAndCalls } from '../../examples/09-messages-and-calls';
import { story as restart } from '../../examples/10-restart';
import { story as order } from '../../examples/11-order';
import { NotedServices } from '../../examples/support/services';
import type { Example } from '../../examples/support/play';
import { transcriptOf } from './support/transcriptOf';

const FOLDER = join(__dirname, '../../examples');

interface Transcript {
  readonly example: Example;
  readonly startTime?: string;
  /** How long it is played; the ticks of an `every` or a `cron` alone do not keep a marble test going. */
  readonly until: string;
  readonly lines: readonly string[];
}

const transcripts: Readonly<Record<string, Transcript>> = {
  '01-delayed-async-handler.ts': {
    example: greeter,
    until: '1m',
    lines: ['   4.000s  greeter.greeting$     hello!'],
  },
  '02-policies.ts': {
    example: poller,
    until: '1m',
    lines: [
      '   2.500s  poller.concat$        tick 1',
      '   2.500s  poller.merge$         tick 1',
      '   2.500s  poller.exhaust$       tick 1',
      '   3.500s  poller.merge$         tick 2',
      '   4.000s  poller.concat$        tick 2',
      '   4.500s  poller.switch$        tick 3',
      '   4.500s  poller.merge$         tick 3',
      '   4.500s  poller.exhaust$       tick 3',
      '   5.500s  poller.concat$        tick 3',
    ],
  },
  '03-cleanup.ts': {
    example: reader,
    until: '1m',
    lines: [
      '   0.000s  reader.door$          open 0',
      '   0.750s  reader.lines$         one of 0',
      '   1.500s  reader.lines$         two of 0',
      '   2.000s  reader.door$          hang up 0',
      '   2.000s  reader.door$          open 1',
      '   2.000s  reader.door$          close 0',
      '   2.750s  reader.lines$         one of 1',
      '   3.500s  reader.lines$         two of 1',
      '   4.250s  reader.lines$         three of 1',
      '   4.250s  reader.door$          close 1',
    ],
  },
  '04-config-update.ts': {
    example: configUpdate,
    until: '1m',
    lines: [
      '   0.000s  feed.clients$         connected to alpha',
      '   1.000s  feed.messages$        message 1 from alpha',
      '   2.000s  feed.messages$        message 2 from alpha',
      '   2.500s  feed.clients$         connected to beta',
      '   2.500s  feed.clients$         left alpha',
      '   3.500s  feed.messages$        message 1 from beta',
      '   4.500s  feed.messages$        message 2 from beta',
      '   5.000s  feed.clients$         left beta',
    ],
  },
  '05-retry.ts': {
    example: uploader,
    until: '1m',
    lines: [
      '   0.100s  uploader.uploads$     attempt 1 failed: the server is busy',
      '   0.700s  uploader.uploads$     attempt 2 failed: the server is busy',
      '   1.800s  uploader.uploads$     upload 0 is done',
      '   5.100s  uploader.uploads$     attempt 1 failed: the server is busy',
      '   5.700s  uploader.uploads$     attempt 2 failed: the server is busy',
      '   6.800s  uploader.uploads$     attempt 3 failed: the server is busy',
      '   8.900s  uploader              HandlerError: uploader.uploads$: upload failed at attempt 4: the server is busy',
      '  10.100s  uploader.uploads$     upload 2 is done',
    ],
  },
  '06-cron.ts': {
    example: backup,
    startTime: '2026-03-27T12:00Z',
    until: '7d',
    lines: [
      '   13h30m  backup.nightly$       2026-03-28T01:30:00.000Z is 02:30 in Berlin',
      '    1d13h  backup.nightly$       2026-03-29T01:00:00.000Z is 03:00 in Berlin',
      ' 2d12h30m  backup.nightly$       2026-03-30T00:30:00.000Z is 02:30 in Berlin',
    ],
  },
  '07-iteration.ts': {
    example: scale,
    until: '1m',
    lines: [
      '   0.500s  scale.loads$          0',
      '   1.000s  scale.loads$          0',
      '   1.500s  scale.loads$          18',
      '   2.000s  scale.loads$          24',
      '   2.500s  scale.loads$          25',
      '   3.000s  scale.loads$          25',
      '   3.000s  scale.weight$         25 kg',
    ],
  },
  '08-external-work.ts': {
    example: loader,
    until: '1m',
    lines: [
      '   1.000s  loader.names$         rx-agent-kit',
      '   2.000s  loader.names$         rx-agent-kit',
      '   2.500s  loader                HandlerError: loader.answers$: ask failed at attempt 1: no end after 2s500ms',
    ],
  },
  '09-messages-and-calls.ts': {
    example: messagesAndCalls,
    until: '4s',
    lines: [
      '   1.000s  room.readings$        18',
      "   1.100s  room.setpoints$       { input: 20, output: 'heating to 20' }",
      '   1.100s  keeper.answers$       hall: heating to 20',
      '   2.000s  room.readings$        19',
      '   3.000s  room.readings$        20',
      '   3.000s  keeper.warm$          rooms/hall/celsius is 20',
      '   4.000s  room.readings$        20',
      '   4.000s  keeper.warm$          rooms/hall/celsius is 20',
    ],
  },
  '10-restart.ts': {
    example: restart,
    until: '16500ms',
    lines: [
      '   1.000s  meter.readings$       reading 1',
      '   2.000s  meter.readings$       reading 2',
      '   3.000s  meter                 AgentError: meter.readings$ failed: the third reading is too much. An error in a stream ends its agent; catch it in the stream, or do the work in a handler.',
      '   3.000s  meter                 restarts in 1.000s',
      '   4.000s  display.seconds$      4 s, and I am still here',
      '   5.000s  meter.readings$       reading 1',
      '   6.000s  meter.readings$       reading 2',
      '   7.000s  meter                 AgentError: meter.readings$ failed: the third reading is too much. An error in a stream ends its agent; catch it in the stream, or do the work in a handler.',
      '   7.000s  meter                 restarts in 2.000s',
      '   8.000s  display.seconds$      8 s, and I am still here',
      '  10.000s  meter.readings$       reading 1',
      '  11.000s  meter.readings$       reading 2',
      '  12.000s  display.seconds$      12 s, and I am still here',
      '  12.000s  meter                 AgentError: meter.readings$ failed: the third reading is too much. An error in a stream ends its agent; catch it in the stream, or do the work in a handler.',
      '  12.000s  meter                 AgentError: meter has failed 3 times within 1m, one more than restart.max: it is not started again. The last failure: meter.readings$ failed: the third reading is too much. An error in a stream ends its agent; catch it in the stream, or do the work in a handler.',
      '  16.000s  display.seconds$      16 s, and I am still here',
    ],
  },
  '11-order.ts': {
    example: (host) => order(host, ['7', '8', '7'], new NotedServices()),
    until: '3d',
    lines: [
      '   0.000s  shop.turnover$        { turnover: 0 }',
      '       2d  shop.turnover$        { turnover: 42 }',
      '       2d  shop.turnover$        { turnover: 84 }',
      '       2d  shop.orders$          receipt 1 for €42, parcel 3 with order 7',
      '       2d  shop.orders$          receipt 2 for €42, parcel 4 with order 8',
    ],
  },
};

describe('examples', () => {
  const files = readdirSync(FOLDER).filter((file) => /^\d\d-.*\.ts$/.test(file));

  it('have a transcript each', () => {
    expect(files).toEqual(Object.keys(transcripts));
  });

  it.each(files)('%s has at most 60 lines', (file) => {
    expect(readFileSync(join(FOLDER, file), 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(60);
  });

  it.each(Object.entries(transcripts))(
    '%s prints its transcript',
    async (_file, { example, lines, ...options }) => {
      expect(await transcriptOf(example, options)).toEqual(lines);
    },
  );
});
