import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The doors of this copy of the kit. The modules that the command loads are given them for the names that they import,
 * so that there is one copy, wherever the command was installed.
 */
export function ownDoors(): Record<string, string> {
  // The built command stands beside the doors or in a folder below, and so does its source.
  const main = ['../index.js', '../index.ts', './index.js']
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((path) => existsSync(path));
  if (main === undefined) return {};
  const extension = main.slice(-3);
  const folder = dirname(main);
  return {
    'rx-agent-kit/testing': `${folder}/testing/index${extension}`,
    'rx-agent-kit/node': `${folder}/node/index${extension}`,
    'rx-agent-kit': main,
  };
}
