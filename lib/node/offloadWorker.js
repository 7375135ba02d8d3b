// What a worker of the pool does. It is JavaScript, since it is loaded as it is.

// esbuild, and so tsx and Vitest, puts calls of this into the functions that it compiles.
globalThis.__name ??= (value) => value;

/** Runs what it is sent, and gives what came of it: `{ value }`, what was thrown, or `{ notSent }`, why it cannot be sent. */
export default async function perform(task) {
  const reply = await replyTo(task);
  try {
    // A pool that finds this out by itself tells of it differently on each Node.
    globalThis.structuredClone(reply);
    return reply;
  } catch (error) {
    return { notSent: error.message };
  }
}

async function replyTo({ text, module, name, args }) {
  try {
    const work = text === undefined ? await load(module, name) : compile(text);
    return { value: await work(...args) };
  } catch (thrown) {
    if (!(thrown instanceof Error)) return { thrown };
    const { message, stack, code } = thrown;
    const [, free] = (text !== undefined && /^(\S+) is not defined$/.exec(message)) || [];
    return { error: { name: thrown.name, message, stack, code, free } };
  }
}

/** A method's text is no expression by itself, but a member of an object. */
function compile(text) {
  try {
    return (0, eval)(`(${text})`);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return Object.values((0, eval)(`({${text}})`))[0];
  }
}

async function load(url, name) {
  const work = (await importModule(url))[name];
  if (typeof work === 'function') return work;
  throw new TypeError(`${url} has no function as its export ${name}.`);
}

async function importModule(url) {
  try {
    return await import(url);
  } catch (error) {
    if (error.code !== 'ERR_UNKNOWN_FILE_EXTENSION') throw error;
    const { createJiti } = await import('jiti');
    return createJiti(url).import(url);
  }
}
