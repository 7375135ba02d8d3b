import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, messages, useFolder } from './support/Command';
import { useCommandLines } from './support/CommandLines';
import { CRASHER, TICKER } from './support/modules';

const folder = useFolder();
const commandLine = useCommandLines();
const { write } = folder;

describe('rx-agent-kit run', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('runs a module until %s, and ends with 0', async (signal) => {
    const command = new Command(['run', write('ticker.ts', TICKER)]);
    await command.line('tick 2');
    command.kill(signal);
    expect(await command.end()).toBe(0);
    expect(messages(command.lines).slice(0, 3)).toEqual(['started ticker', 'tick 1', 'tick 2']);
    expect(messages(command.lines).at(-1)).toBe('stopped');
    expect(command.errors).toEqual([]);
  });

  it('ends with 1 when an agent has failed for good, and says last which and why', async () => {
    const command = new Command(['run', write('crasher.mts', CRASHER), write('ticker.ts', TICKER)]);
    expect(await command.end()).toBe(1);
    expect(messages(command.lines).at(-1)).toMatch(
      /^crasher has failed for good: crasher\.bad\$ failed: the spring broke\./,
    );
  });

  it('ends at once at a second signal', async () => {
    const stuck = `
      const { defineAgent } = require('rx-agent-kit');
      module.exports = defineAgent({
        name: 'stuck',
        stopTimeout: '1h',
        streams: ({ lifecycle, handle, log }) => ({
          never$: lifecycle.stop$.pipe(handle.switch(() => { log.info('stopping'); return new Promise(() => {}); })),
        }),
      });`;
    const command = new Command(['run', write('stuck.cjs', stuck)]);
    await command.line('started stuck');
    command.kill('SIGINT');
    await command.line('stopping');
    // One keystroke may arrive more than once.
    await new Promise((resolve) => setTimeout(resolve, 300));
    command.kill('SIGINT');
    expect(await command.end()).toBe(130);
  });

  it('takes configs from a file, brings an edit to the running agent, and never shows a secret', async () => {
    const config = write('farm.yaml', 'ticker: { word: "${WORD}" }');
    const trace = join(folder.path, 'trace.ndjson');
    const command = new Command(['run', write('ticker.ts', TICKER), '--config', config, '--trace', trace], {
      env: { WORD: 'hunter22' },
    });
    expect(await command.line('${WORD} 2')).toContain('"msg":"${WORD} 2"');
    writeFileSync(config, 'ticker: { word: tock }');
    await command.line('tock');
    writeFileSync(config, 'ticker: { word: [ }');
    await command.line('is no YAML');
    writeFileSync(config, 'ticker: { word: 3 }');
    expect(await command.line('bad-config')).toContain('word: Invalid input: expected string');
    command.kill('SIGTERM');
    expect(await command.end()).toBe(0);
    expect(command.text + readFileSync(trace, 'utf8')).not.toContain('hunter22');
    const show = await commandLine(['trace', 'show', trace, '--width', '100']);
    expect(show.code).toBe(0);
    expect(show.out).toMatch(/^ticker +\[/m);
    expect(show.out).toMatch(/^ {2}tick\$ runs .*o/m);
    expect(show.out).toContain('ticker.tick$: a = 1, b = 2');
    expect(show.out).toMatch(/What went wrong:\n.*is no YAML/);
  });

  it('stops and starts anew at an edit of a module, or of what it imports, so that nothing runs twice', async () => {
    write('word.ts', "export const word: string = 'tick';");
    const module = write(
      'ticker.ts',
      TICKER.replace("config.word + ' '", "word + ' '").replace(
        'import { z }',
        "import { word } from './word';\nimport { z }",
      ),
    );
    const command = new Command(['run', module, '--watch']);
    await command.line('tick 2');
    write('word.ts', 'export const word: string = ;');
    await command.line('Nothing runs.');
    const before = command.lines.length;
    write('word.ts', "export const word: string = 'tock';");
    await command.line('tock 3');
    command.kill('SIGINT');
    expect(await command.end()).toBe(0);
    const after = messages(command.lines.slice(before));
    expect(after.filter((message) => message.startsWith('tick'))).toEqual([]);
    expect(after.filter((message) => message === 'tock 1')).toHaveLength(1);
  });

  it('gives a function the host, and ends when that stops', async () => {
    const story = `${TICKER}
      import type { Host } from 'rx-agent-kit';
      export default async (host: Host) => {
        const { streams } = await host.start(ticker, { word: 'story' });
        streams.tick$.subscribe((n) => { if (n === 2) void host.stop(); });
      };`;
    const command = new Command(['run', write('story.ts', story), '--speed', '5']);
    expect(await command.end()).toBe(0);
    expect(messages(command.lines)).toEqual(['started ticker', 'story 1', 'story 2', 'stopped']);
  });
});

describe('The command, before it starts anything, ends with 2 and', () => {
  it.each([
    ['names an unknown flag', ['run', 'TICKER', '--sped', '3'], "error: unknown option '--sped'"],
    [
      'names a flag with a bad value',
      ['run', 'TICKER', '--speed', 'x'],
      "error: option '--speed <n>' argument 'x' is invalid. Give a number above 0",
    ],
    [
      'knows no bus but the one in memory and NATS',
      ['run', 'TICKER', '--bus', 'redis://x'],
      "option '--bus <url>' argument 'redis://x' is invalid. Give memory:, or servers of NATS",
    ],
    [
      'has no use for credentials without a bus that asks for them',
      ['run', 'TICKER', '--bus-credentials', 'x.creds'],
      '--bus-credentials and --bus-ca are for a bus with servers',
    ],
    ['names a module that is not there', ['run', 'none.ts'], 'rx-agent-kit: There is no module none.ts ('],
    ['names a module that cannot be read', ['run', 'BROKEN'], 'broken.ts cannot be loaded: '],
    [
      'names a module that exports no agent',
      ['run', 'EMPTY'],
      'empty.ts exports no agent, but value. Export one',
    ],
    ['names two agents of one name', ['run', 'TICKER', 'TICKER'], 'ticker'],
    [
      'names a config file that is not there',
      ['run', 'TICKER', '--config', 'none.yaml'],
      'The config file none.yaml cannot be read: there is no such file',
    ],
    [
      'names the line of a config file that is no YAML',
      ['run', 'TICKER', '--config', 'NOYAML'],
      'no.yaml:1:',
    ],
    [
      'names a section for no agent',
      ['run', 'TICKER', '--config', 'OTHER'],
      'has a section tiker, but there is no such agent. Did you mean ticker? The agents are ticker.',
    ],
    [
      'names what does not fit in a config',
      ['run', 'TICKER', '--config', 'UNFIT'],
      'word: Invalid input: expected string, received number',
    ],
    [
      'names a trace that is not there',
      ['trace', 'show', 'none.ndjson'],
      'The trace none.ndjson cannot be read: there is no such file',
    ],
  ])('%s', async (_case, args, message) => {
    const files: Record<string, string> = {
      TICKER: write('ticker.ts', TICKER),
      BROKEN: write('broken.ts', 'export const value: = 1;'),
      EMPTY: write('empty.ts', 'export const value = 1;'),
      NOYAML: write('no.yaml', 'ticker: ['),
      OTHER: write('other.yaml', 'tiker: {}'),
      UNFIT: write('unfit.yaml', 'ticker: { word: 3 }'),
    };
    const { code, out, err } = await commandLine(args.map((arg) => files[arg] ?? arg));
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(out).toBe('');
  });
});

describe('rx-agent-kit list', () => {
  it('prints agents, streams, topics and procedures with their schemas, and runs nothing', async () => {
    const path = write(
      'farm.ts',
      `
      import { defineAgent, procedure, topic } from 'rx-agent-kit';
      import { Observable } from 'rxjs';
      import { z } from 'zod';
      export const reading = topic('devices/:unit', z.object({ celsius: z.number() }));
      export const setpoint = procedure('site/setpoint', { input: z.number().min(5), output: z.boolean() });
      export const meter = defineAgent({
        name: 'meter',
        config: z.object({ rate: z.number().min(1).default(2), mode: z.enum(['a', 'b']) }),
        streams: ({ bus }) => ({
          set$: bus.serve(setpoint, async () => true),
          seen$: bus.messages(reading),
          loud$: new Observable(() => { console.log('RUNS'); }),
        }),
      });`,
    );
    const { code, out } = await commandLine(['list', path]);
    expect(code).toBe(0);
    expect(out.split('\n')).toEqual([
      path,
      '',
      'agent meter',
      '  config      { rate?: number ≥ 1 = 2, mode: "a" | "b" }',
      '  streams     set$, seen$, loud$',
      '  listens to  devices/+',
      '  serves      site/setpoint',
      '',
      'topic devices/:unit',
      '  payload     { celsius: number }',
      '',
      'procedure site/setpoint',
      '  input       number ≥ 5',
      '  output      boolean',
      '',
    ]);
  });
});
