import { AgentError } from '../AgentError';

/**
 * Loads a package that users install only if they need it.
 *
 * @param what what it is needed for
 * @param others what else that needs, so that all of it can be installed at once
 * @throws AgentError `missing-package`, with what to type
 */
export async function optionalPackage<M>(
  name: string,
  what: string,
  load: () => Promise<M>,
  others: readonly string[] = [],
): Promise<M> {
  const install = [name, ...others.filter((other) => other !== name)].join(' ');
  try {
    return await load();
  } catch (cause) {
    const { code } = cause as { readonly code?: unknown };
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') throw cause;
    throw new AgentError('missing-package', `${what} needs the package ${name}: npm install ${install}`, {
      cause,
    });
  }
}
