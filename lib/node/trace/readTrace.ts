import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { AgentError, messageOf } from '../../AgentError';
import { TRACE_VERSION, type TraceLine } from './TraceLine';

/**
 * Reads a trace that was written to a file, line by line. A last line that was cut off, as by a process that was
 * ended, is left out.
 *
 * Fails with AgentError `bad-trace-file`, naming the file and the line.
 */
export async function* readTrace(path: string): AsyncGenerator<TraceLine> {
  let number = 0;
  let broken: AgentError | undefined;
  const input = createReadStream(path, 'utf8');
  try {
    for await (const text of createInterface({ input, crlfDelay: Infinity })) {
      number++;
      if (broken !== undefined) throw broken;
      const line = parse(text);
      if (number === 1) check(line, path);
      if (line === undefined) broken = badTraceFile(`${path}:${number} is no line of a trace.`);
      else yield line;
    }
  } catch (error) {
    if (error instanceof AgentError) throw error;
    const { code } = error as { readonly code?: unknown };
    throw badTraceFile(
      `The trace ${path} cannot be read: ${code === 'ENOENT' ? 'there is no such file' : messageOf(error)}`,
    );
  } finally {
    // Whoever reads only the first lines leaves the file open otherwise.
    input.destroy();
  }
  if (number === 0) check(undefined, path);
}

function parse(text: string): TraceLine | undefined {
  try {
    const line = JSON.parse(text) as Partial<TraceLine> | null;
    return typeof line?.type === 'string' ? (line as TraceLine) : undefined;
  } catch {
    return undefined;
  }
}

function check(head: TraceLine | undefined, path: string): void {
  if (head?.type !== 'trace')
    throw badTraceFile(`${path} is no trace. Record one: rx-agent-kit run <modules…> --trace ${path}`);
  if (head.version !== TRACE_VERSION)
    throw badTraceFile(
      `${path} is a trace of version ${String(head.version)}; this one of rx-agent-kit reads ${TRACE_VERSION}.`,
    );
}

function badTraceFile(message: string): AgentError {
  return new AgentError('bad-trace-file', message);
}
