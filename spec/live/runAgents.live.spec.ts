import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineAgent, silentLog } from 'rx-agent-kit';
import { runAgents, type RunAgentsOptions } from 'rx-agent-kit/node';
import { z } from 'zod';
import { script } from './support/script';

// Real processes and real signals.

const program = script('program.ts');
const idle = defineAgent({
  name: 'idle',
  config: z.object({ word: z.string().default('none') }),
  streams: ({ lifecycle }) => ({ started$: lifecycle.start$ }),
});

let folder = '';
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'run-agents-'))));
afterAll(() => rmSync(folder, { recursive: true }));

describe('A program that runs agents', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('is kept alive until %s, and ends with 0', async (signal) => {
    const { child, lines, ended, wrote } = program();
    await wrote('started quiet');
    child.kill(signal);
    expect(await ended).toEqual([0, null]);
    expect(lines).toEqual(['started quiet', 'bye', 'stopped']);
  });

  it('ends with 1 when an agent has failed for good, and says last which and why', async () => {
    const { lines, ended } = program('crashes');
    expect(await ended).toEqual([1, null]);
    expect(lines.at(-1)).toMatch(/^crasher has failed for good: crasher\.bad\$ failed: the spring broke/);
    expect(lines).toContain('bye');
  });

  it('is told what cannot be started, and nothing runs then', async () => {
    const { lines, ended } = program('cannot start');
    expect(await ended).toEqual([0, null]);
    expect(lines.at(-1)).toBe('start-failed');
  });

  it('ends when its host is stopped, with all that has happened in a file', async () => {
    const path = join(folder, 'trace.ndjson');
    const { lines, ended } = program('stops itself', path);
    expect(await ended).toEqual([0, null]);
    expect(lines).toEqual(['bye', 'stopped']);
    const trace = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(JSON.parse(trace[0]!)).toMatchObject({ type: 'trace', host: 'host' });
    expect(JSON.parse(trace.at(-1)!)).toMatchObject({ type: 'end', dropped: 0 });
  });
});

describe('runAgents', () => {
  const listeners = (): number => process.listenerCount('SIGINT') + process.listenerCount('SIGTERM');

  it('reads configs from a file, and is stopped by a signal of AbortController', async () => {
    const configs = join(folder, 'farm.json');
    writeFileSync(configs, '{ "idle": { "word": "hello" } }');
    const before = listeners();
    const stop = new AbortController();
    const seen: unknown[] = [];
    const code = await runAgents([idle], {
      log: silentLog,
      configs,
      signal: stop.signal,
      onReady: (host) => {
        seen.push(host.configs?.read('idle'), [...host.agents.keys()]);
        stop.abort();
      },
    });
    expect(code).toBe(0);
    expect(seen).toEqual([{ word: 'hello' }, ['idle']]);
    expect(listeners()).toBe(before);
  });

  it('starts nothing for a signal that has come before', async () => {
    const lines: string[] = [];
    const log = { ...silentLog, info: (line: string) => lines.push(line) };
    expect(await runAgents([idle], { log, signal: AbortSignal.abort() })).toBe(0);
    expect(lines).toEqual(['stopped']);
  });

  it('rejects with what onReady throws, and has stopped everything then', async () => {
    let state: unknown;
    const boom = new Error('boom');
    const running = runAgents([idle], {
      log: silentLog,
      onReady: (host) => {
        state = host.agents.get('idle');
        throw boom;
      },
    });
    await expect(running).rejects.toBe(boom);
    expect(state).toMatchObject({ state: 'stopped' });
  });

  it.each<[string, object, string, string]>([
    ['an option that there is not', { trase: 'x' }, 'bad-option', 'did you mean "trace"'],
    ['a bad option of its host', { stopTimeout: 'soon' }, 'bad-duration', 'soon'],
    ['what is neither a path nor a store', { configs: 5 }, 'bad-option', 'a store of configs'],
    ['what is no AbortSignal', { signal: 'SIGINT' }, 'bad-option', 'an AbortSignal'],
  ])('refuses %s', async (_what, options, code, message) => {
    await expect(runAgents([idle], options as RunAgentsOptions)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  it('refuses a section of the config file that is no agent’s', async () => {
    const configs = join(folder, 'slip.json');
    writeFileSync(configs, '{ "idel": {} }');
    await expect(runAgents([idle], { log: silentLog, configs })).rejects.toMatchObject({
      code: 'bad-config-file',
      message: expect.stringContaining('has a section idel, but there is no such agent. Did you mean idle?'),
    });
  });
});
