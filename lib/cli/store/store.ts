import { lmdbStore } from '../../lmdb/lmdbStore';
import type { Json } from '../../store/Json';
import { BUS, keyPrefix } from '../../store/keys';
import type { Change } from '../../store/Store';
import { liveClock } from '../../time/clock/liveClock';
import { Scheduler } from '../../time/queue/Scheduler';
import { CommandError } from '../CommandError';
import { type KeptEntry, type KeptPart, keptParts } from './keptParts';

export interface StoreArguments {
  /** The folder. */
  readonly store: string;
  /** The host's name. */
  readonly name?: string;
  readonly json: boolean;
}

/** Which of what is kept is meant. */
export interface KeptChoice {
  readonly agent?: string | undefined;
  readonly durable?: string | undefined;
  readonly id?: string | undefined;
}

/** A dead job or message, as it is kept. */
interface Dead {
  readonly trigger: Json;
  readonly attempts: number;
  readonly error: { readonly name: string; readonly message: string };
  readonly at: number;
  readonly steps: readonly (readonly [name: string, value: Json])[];
}

type Print = (text: string) => void;

/** Prints what is kept, by durable name. */
export async function storeList(options: StoreArguments, print: Print): Promise<number> {
  const parts = (await allParts(options)).map(summary);
  if (options.json) print(JSON.stringify(parts, undefined, 2));
  else if (parts.length === 0) print('Nothing is kept.');
  else
    for (const { host, agent, name, ...counts } of parts)
      print(`${host}  ${agent}  ${name}  ${inWords(counts)}`);
  return 0;
}

/** Prints the entries that are meant. */
export async function storeShow(choice: KeptChoice, options: StoreArguments, print: Print): Promise<number> {
  const parts = await chosen(choice, options);
  if (options.json) print(JSON.stringify(parts, undefined, 2));
  else
    for (const { agent, name, entries } of parts) {
      print(`${agent}  ${name}`);
      for (const { kind, id, value } of entries) print(`  ${kind} ${id}  ${shown(kind, value)}`);
    }
  return 0;
}

/** Removes what is meant: of one job its steps, too. The store must not be in use. */
export async function storeDrop(choice: KeptChoice, options: StoreArguments, print: Print): Promise<number> {
  const parts = await chosen(choice, options);
  const changes = parts.flatMap(({ host, entries }) =>
    entries.map(({ key }) => ({ host, change: [key, undefined] as const })),
  );
  await write(options, changes);
  tell(options, print, 'dropped', changes.length);
  return 0;
}

/** Makes jobs of dead ones, with the steps that they have done, and messages of dead ones. The store must not be in use. */
export async function storeRedrive(
  choice: KeptChoice,
  options: StoreArguments,
  print: Print,
): Promise<number> {
  const parts = await chosen(choice, options);
  let count = 0;
  const changes = parts.flatMap(({ host, agent, name, entries }) =>
    entries
      .filter(({ kind }) => kind === 'dead')
      .flatMap((entry) => {
        count++;
        return redriven(agent, name, entry).map((change) => ({ host, change }));
      }),
  );
  await write(options, changes);
  tell(options, print, 'redriven', count);
  return 0;
}

/** It is the same job or message again, so its key or id is the same; its attempts are counted anew. */
function redriven(agent: string, name: string, { id, key, value }: KeptEntry): Change[] {
  const { trigger, steps } = value as unknown as Dead;
  if (agent === BUS) {
    const [topic, payload, sentAt] = trigger as readonly Json[];
    return [
      [key, undefined],
      [keyPrefix(BUS, 'message', name) + id, [topic ?? '', payload ?? [], sentAt ?? 0, 0]],
    ];
  }
  return [
    [key, undefined],
    [keyPrefix(agent, 'job', name) + id, [trigger, 0]],
    ...steps.map(([step, given]): Change => [`${keyPrefix(agent, 'step', name)}${id}!${step}`, given]),
  ];
}

async function allParts({ store: folder, name }: StoreArguments): Promise<KeptPart[]> {
  const store = lmdbStore(folder);
  let hosts: string[];
  try {
    hosts = await store.hosts();
  } catch (cause) {
    throw new CommandError(`${folder} holds no store that can be read.`, { cause });
  }
  if (name !== undefined && !hosts.includes(name))
    throw new CommandError(
      `${folder} holds nothing of a host named ${name}. There are: ${hosts.join(', ')}.`,
    );
  const parts: KeptPart[] = [];
  for (const host of name === undefined ? hosts : [name])
    parts.push(...keptParts(host, await store.entries(host)));
  return parts;
}

async function chosen({ agent, durable, id }: KeptChoice, options: StoreArguments): Promise<KeptPart[]> {
  const isMeant = ({ id: of }: KeptEntry): boolean =>
    id === undefined || of === id || of.startsWith(`${id}!`);
  const parts = (await allParts(options))
    .filter(
      (part) =>
        (agent === undefined || part.agent === agent) && (durable === undefined || part.name === durable),
    )
    .map((part) => ({ ...part, entries: part.entries.filter(isMeant) }))
    .filter(({ entries }) => entries.length > 0);
  if (parts.length === 0)
    throw new CommandError(
      `Nothing is kept of ${[agent, durable, id].filter((part) => part !== undefined).join(' ') || 'any agent'}. See rx-agent-kit store list.`,
    );
  return parts;
}

async function write(
  { store: folder }: StoreArguments,
  changes: readonly { readonly host: string; readonly change: Change }[],
): Promise<void> {
  const context = { scheduler: new Scheduler(liveClock()) };
  for (const host of new Set(changes.map(({ host: of }) => of))) {
    const open = await lmdbStore(folder).open(host, context);
    try {
      await open.commit(changes.filter(({ host: of }) => of === host).map(({ change }) => change));
      await open.flush();
    } finally {
      await open.close();
    }
  }
}

function summary({ host, agent, name, entries }: KeptPart) {
  const count = (kind: KeptEntry['kind']): number => entries.filter((entry) => entry.kind === kind).length;
  return {
    host,
    agent,
    name,
    jobs: count('job'),
    timers: count('timer'),
    messages: count('message'),
    dead: count('dead'),
    states: count('state'),
  };
}

function inWords(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).filter(([, count]) => count > 0);
  return parts.length === 0 ? 'nothing open' : parts.map(([what, count]) => `${count} ${what}`).join(', ');
}

function shown(kind: KeptEntry['kind'], value: Json): string {
  if (kind === 'dead') {
    const { trigger, attempts, error, at } = value as unknown as Dead;
    return `${JSON.stringify(trigger)} failed at attempt ${attempts}, ${iso(at)}: ${error.name}: ${error.message}`;
  }
  if (kind === 'message') {
    const [topic, [payload], sentAt] = value as unknown as [string, [Json?], number];
    return `${topic}  ${JSON.stringify(payload)}  published ${iso(sentAt)}`;
  }
  if (kind === 'taker') return `taken by ${value as string}`;
  if (kind === 'timer') {
    const [due, trigger] = value as unknown as [number, Json];
    return `due ${iso(due)}  ${JSON.stringify(trigger)}`;
  }
  return JSON.stringify(value);
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

function tell({ json }: StoreArguments, print: Print, what: 'dropped' | 'redriven', count: number): void {
  print(json ? JSON.stringify({ [what]: count }) : `${count} ${what}`);
}
