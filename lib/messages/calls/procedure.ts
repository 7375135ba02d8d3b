import type { output, ZodType } from 'zod';
import { AgentError } from '../../AgentError';
import type { Callable } from '../../handlers/waits/Callable';
import { checkOptions, optionTable } from '../../options/checkOptions';
import { anything } from '../../options/checks';
import { Pattern } from '../topics/pattern';
import { checkSchema, isSchema } from '../payloads/schema';
import type { Sent } from '../payloads/Sent';

/** A typed contract for calls: see {@link procedure}. */
export interface Procedure<
  Input extends ZodType = ZodType,
  Output extends ZodType = ZodType,
> extends Callable<Sent<Input>, output<Output>> {
  readonly name: string;
  readonly input: Input;
  readonly output: Output;
}

const PROCEDURE = optionTable<{ readonly input: unknown; readonly output: unknown }>(
  { input: anything, output: anything },
  { request: 'input', args: 'input', response: 'output', result: 'output' },
);

/**
 * Defines a procedure: a name, and the zod schemas of what it takes and of what it gives.
 * ```ts
 * const setpoint = procedure('site/setpoint', { input: z.number(), output: z.boolean() });
 *
 * setpoints$: bus.serve(setpoint, async (celsius) => celsius < 25)     // in one agent
 * const isTaken = await run.call(setpoint, 21);                        // in a handler of another
 * ```
 * @throws AgentError `bad-procedure`
 */
// @__NO_SIDE_EFFECTS__
export function procedure<Input extends ZodType, Output extends ZodType>(
  name: string,
  schemas: { readonly input: Input; readonly output: Output },
): Procedure<Input, Output> {
  checkName(name);
  if (typeof schemas !== 'object' || (schemas as unknown) === null)
    throw new AgentError(
      'bad-procedure',
      `${name} needs the zod schemas of what it takes and gives: procedure('${name}', { input, output }).`,
    );
  checkOptions(`procedure ${name}`, PROCEDURE, schemas);
  const { input, output } = schemas;
  for (const [what, schema] of Object.entries({ input, output })) {
    if (!isSchema(schema)) {
      throw new AgentError(
        'bad-procedure',
        `${name}: ${what} has to be a zod schema; z.void() stands for nothing.`,
      );
    }
    checkSchema('bad-procedure', `${name}: ${what}`, schema);
  }
  return { name, input, output };
}

function checkName(name: string): void {
  try {
    if (new Pattern(name).names.length === 0) return;
  } catch {
    // It is none of a topic without parameters either.
  }
  throw new AgentError(
    'bad-procedure',
    `${JSON.stringify(name)} is no name of a procedure. Write segments between slashes, without parameters: 'site/setpoint'.`,
  );
}

export function isProcedure(given: object | undefined): given is Procedure {
  const { name, input, output } = (given ?? {}) as Partial<Procedure>;
  return typeof name === 'string' && isSchema(input) && isSchema(output);
}
