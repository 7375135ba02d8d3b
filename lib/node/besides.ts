import { existsSync } from 'node:fs';

/**
 * The URL of a file of this folder that is loaded as it is. The build copies it, and may put the file that asks for
 * it into a chunk of the folder above.
 */
export function besides(file: string): URL | undefined {
  return [`./${file}`, `./node/${file}`]
    .map((path) => new URL(path, import.meta.url))
    .find((url) => existsSync(url));
}
