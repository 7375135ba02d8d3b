import type * as fastCheck from 'fast-check';
import { AgentError } from '../../../AgentError';
import { codeOf } from '../../../readError';

export type FastCheck = typeof fastCheck;

interface HostProcess {
  readonly process?: {
    cwd?(): string;
    getBuiltinModule?(name: string): { createRequire(from: string): (name: string) => unknown } | undefined;
  };
}

const NOT_FOUND = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'];
/** Where modules of the other kind cannot be imported, as in Jest without a flag of Node's. */
const NO_IMPORT = ['ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING_FLAG', 'ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING'];

/**
 * Loads fast-check, by which a failing run is made shorter.
 *
 * @throws AgentError `missing-package`
 */
export async function loadFastCheck(): Promise<FastCheck> {
  try {
    return await load();
  } catch (cause) {
    const code = String(codeOf(cause));
    if (!NOT_FOUND.includes(code)) throw cause;
    const message =
      'explore needs the package fast-check, by which a failing run is made shorter: npm install --save-dev fast-check';
    throw new AgentError('missing-package', message, { cause });
  }
}

async function load(): Promise<FastCheck> {
  try {
    return await import('fast-check');
  } catch (error) {
    if (!NO_IMPORT.includes(String(codeOf(error)))) throw error;
    const { process } = globalThis as HostProcess;
    const module = process?.getBuiltinModule?.('node:module');
    if (module === undefined) throw error;
    return module.createRequire(`${process?.cwd?.() ?? ''}/package.json`)('fast-check') as FastCheck;
  }
}
