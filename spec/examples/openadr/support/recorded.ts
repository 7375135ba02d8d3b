import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where material about OpenADR lies that is no part of the project: a recorded conversation, the schemas. */
const MATERIAL = join(__dirname, '../../../../../shared/openadr');

export const RECORDED = join(MATERIAL, 'recorded');
export const SCHEMAS = join(MATERIAL, 'schema');

/** Runs the specs that need a folder, or says that they are skipped since it is not there. */
export function describeWith(folder: string, title: string, body: () => void): void {
  if (existsSync(folder)) describe(title, body);
  else describe.skip(`${title} (${folder} is not there)`, body);
}

export function filesIn(folder: string, ending: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(ending)) : ['(none)'];
}

export function textOf(folder: string, file: string): string {
  return readFileSync(join(folder, file), 'utf8');
}
