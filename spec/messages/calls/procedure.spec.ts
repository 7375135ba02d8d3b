import { procedure } from 'rx-agent-kit';
import { z } from 'zod';

const schemas = { input: z.number(), output: z.boolean() };

describe('procedure', () => {
  it('has a name and two schemas', () => {
    expect(procedure('site/setpoint', schemas)).toEqual({ name: 'site/setpoint', ...schemas });
  });

  it.each(['', 'a//b', 'a b', 'a/:b', 'a/*', 7 as unknown as string])('refuses the name %j', (name) => {
    expect(() => procedure(name, schemas)).toThrow(expect.objectContaining({ code: 'bad-procedure' }));
  });

  it.each(['input', 'output'])('refuses an %s that is no schema', (what) => {
    expect(() => procedure('a', { ...schemas, [what]: 'number' })).toThrow(
      expect.objectContaining({
        code: 'bad-procedure',
        message: `a: ${what} has to be a zod schema; z.void() stands for nothing.`,
      }),
    );
  });
});
