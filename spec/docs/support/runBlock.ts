import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { readFile } from 'node:fs/promises';
import { format } from 'node:util';
import { transformSync } from '@swc/core';
import * as kit from 'rx-agent-kit';
import * as testing from 'rx-agent-kit/testing';
import * as rxjs from 'rxjs';
import * as rxjsTesting from 'rxjs/testing';
import * as zod from 'zod';
import type { Block } from './blocks';

type Test = () => unknown;

/** What a block has done. */
interface Outcome {
  readonly tests: readonly Test[];
  readonly printed: readonly string[];
}

type Evaluate = (
  require: (specifier: string) => unknown,
  exports: object,
  it: (title: string, test: Test) => void,
  console: { log(...values: unknown[]): void },
) => Promise<void>;

const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as new (
  ...source: string[]
) => Evaluate;

/** Runs a block and its tests, and checks what it prints or how it fails. `page` is all blocks of its page. */
export async function runBlock(block: Block, page: readonly Block[]): Promise<void> {
  const { tests, printed } = await new Workspace(page).evaluate(block);
  const failures: string[] = [];
  for (const test of tests) {
    try {
      await test();
    } catch (error) {
      if (block.output === undefined) throw error;
      failures.push((error as Error).message.replace(/\(seed \d+\)/, '(seed 1234)'));
    }
  }
  const seen = [...printed, ...failures];
  expect(seen.join('\n')).toBe((block.output ?? '').trimEnd());
}

/** What a reader has on the disk at a block: the files of the blocks above it, each evaluated when it is imported. */
class Workspace {
  private readonly files = new Map<string, object>();

  constructor(private readonly page: readonly Block[]) {}

  async evaluate(block: Block): Promise<Outcome> {
    await this.importsOf(block);
    const exports = {};
    const tests: Test[] = [];
    const printed: string[] = [];
    const { code } = transformSync(block.text, {
      filename: `${block.name}.ts`,
      jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
      module: { type: 'commonjs' },
    });
    const collect = (_title: string, test: Test): void => {
      tests.push(test);
    };
    const modules = this.modules(collect);
    const evaluate = new AsyncFunction('require', 'exports', 'it', 'console', code);
    const run = () =>
      evaluate((specifier) => this.require(specifier, modules), exports, collect, {
        log: (...values) => printed.push(format(...values)),
      });
    // A script runs in virtual time, so that nobody waits for it; one that runs marble tests has that of its own.
    if (block.text.includes('rx-agent-kit/testing')) await run();
    else await testing.runMarbles(run, { assertsElsewhere: true });
    this.files.set(`./${block.name}`, exports);
    return { tests, printed };
  }

  /** Evaluates what a block imports, since it then can only require it. */
  private async importsOf(block: Block): Promise<void> {
    for (const [, name] of block.text.matchAll(/ from '\.\/([\w.-]+)'/g)) {
      const above = this.page.filter((other) => other.line < block.line && other.name === name).at(-1);
      if (above === undefined || this.files.has(`./${above.name}`)) continue;
      try {
        await this.evaluate(above);
      } catch (error) {
        throw new Error(`${above.page}:${above.line}, which the block imports, fails.`, { cause: error });
      }
    }
  }

  private require(specifier: string, modules: Readonly<Record<string, unknown>>): unknown {
    const found = this.files.get(specifier) ?? modules[specifier];
    if (found === undefined)
      throw new Error(`${specifier} is neither a module for docs nor an earlier block.`);
    return found;
  }

  private modules(it: (title: string, test: Test) => void): Readonly<Record<string, unknown>> {
    return {
      'rx-agent-kit': kit,
      'rx-agent-kit/testing': testing,
      rxjs,
      'rxjs/testing': rxjsTesting,
      zod,
      'node:assert/strict': { __esModule: true, default: assert },
      'node:async_hooks': { AsyncLocalStorage },
      'node:fs/promises': { readFile },
      'node:test': { it, test: it },
      vitest: { it, expect },
    };
  }
}
