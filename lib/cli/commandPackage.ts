import { optionalPackage } from '../node/optionalPackage';

/** What the command needs besides the kit. */
const PACKAGES = ['commander', 'jiti', 'pino', 'pino-pretty', 'piscina', 'yaml'];

/**
 * Loads a package of the command.
 *
 * @throws AgentError `missing-package`, with the line that installs all of them
 */
export function commandPackage<M>(name: string, load: () => Promise<M>): Promise<M> {
  return optionalPackage(name, 'The command', load, PACKAGES);
}
