import type { ZodType } from 'zod';
import type { AgentDefinition } from '../agent/definition/defineAgent';
import { fileConfig } from '../node/configs/fileConfig';
import type { ConfigStore } from '../agent/config/ConfigStore';
import { unknownKeys, unknownKeyText } from '../agent/config/unknownKeys';
import type { ListArguments } from './createProgram';
import { describeSchema } from './describeSchema';
import { inspectAgent } from './inspectAgent';
import { type LoadedModule, Modules } from './Modules';
import { agentsOf } from '../node/run/sections';
import { startablesOf } from './startables';

interface AnyTopic {
  readonly pattern: string;
  readonly schema: ZodType;
  readonly retain?: 'last' | undefined;
}

interface AnyProcedure {
  readonly name: string;
  readonly input: ZodType;
  readonly output: ZodType;
}

/** Prints what modules consist of; nothing is started. */
export async function list(
  paths: readonly string[],
  options: ListArguments,
  print: (text: string) => void,
): Promise<number> {
  const configs = options.config === undefined ? undefined : await fileConfig(options.config);
  const blocks: string[][] = [];
  for (const module of await new Modules(paths).load())
    blocks.push([module.path], ...blocksOf(module, configs));
  print(blocks.map((lines) => lines.join('\n')).join('\n\n'));
  return 0;
}

function blocksOf(module: LoadedModule, configs: ConfigStore | undefined): string[][] {
  const values = Object.values(module.exports);
  const contracts = [...new Set(values.filter(isTopic)), ...new Set(values.filter(isProcedure))].map(
    (contract) => ('pattern' in contract ? topicBlock(contract) : procedureBlock(contract)),
  );
  if (contracts.length > 0 && !values.some(isStartable)) return contracts;
  const { items, functions } = startablesOf(module);
  return [
    ...items.flatMap(agentsOf).map((agent) => agentBlock(agent, configs)),
    ...functions.map(() => ['a function of a host', '  what it starts is known only when it runs']),
    ...contracts,
  ];
}

function agentBlock(agent: AgentDefinition, configs: ConfigStore | undefined): string[] {
  const { streams, listens, serves } = inspectAgent(agent, configs);
  const unknown = agent.config === undefined ? [] : unknownKeys(agent.config, configs?.read(agent.name));
  const lines = [
    ['config', agent.config === undefined ? 'none' : describeSchema(agent.config)],
    ['needs', (agent.needs ?? []).join(', ')],
    ['streams', typeof streams === 'string' ? streams : streams.join(', ')],
    ['listens to', listens.join(', ')],
    ['serves', serves.join(', ')],
    ['config file', unknown.map(unknownKeyText).join(' ')],
  ];
  return block(`agent ${agent.name}`, lines);
}

function topicBlock({ pattern, schema, retain }: AnyTopic): string[] {
  return block(`topic ${pattern}`, [
    ['payload', describeSchema(schema)],
    ['retains', retain === undefined ? '' : 'the last message'],
  ]);
}

function procedureBlock({ name, input, output }: AnyProcedure): string[] {
  return block(`procedure ${name}`, [
    ['input', describeSchema(input)],
    ['output', describeSchema(output)],
  ]);
}

function block(title: string, lines: readonly (readonly string[])[]): string[] {
  return [
    title,
    ...lines
      .filter(([, text]) => text !== '')
      .map(([label = '', text = '']) => `  ${label.padEnd(12)}${text}`),
  ];
}

// Contracts are told by their members, since they may have been made by another copy of the kit.

function isTopic(value: unknown): value is AnyTopic {
  const { pattern, schema } = (value ?? {}) as Partial<AnyTopic>;
  return typeof pattern === 'string' && typeof schema === 'object';
}

function isProcedure(value: unknown): value is AnyProcedure {
  const { name, input, output } = (value ?? {}) as Partial<AnyProcedure>;
  return typeof name === 'string' && typeof input === 'object' && typeof output === 'object';
}

function isStartable(value: unknown): boolean {
  return (typeof value === 'function' || typeof value === 'object') && !isTopic(value) && !isProcedure(value);
}
