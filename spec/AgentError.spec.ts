import { AgentError, defineAgent, HandlerError } from 'rx-agent-kit';
import { runMarbles } from 'rx-agent-kit/testing';

describe('The JSON of an AgentError', () => {
  it('has its message and its cause', () => {
    const cause = new TypeError('no luck');
    const error = new AgentError('stream-failed', 'a.b$ failed', { agent: 'a', stream: 'b$', cause });
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: 'AgentError',
      code: 'stream-failed',
      agent: 'a',
      stream: 'b$',
      message: 'a.b$ failed',
      cause: { name: 'TypeError', message: 'no luck' },
    });
    const outer = new AgentError('start-failed', 'c does not start', { cause: error });
    expect(JSON.parse(JSON.stringify(outer))).toMatchObject({ cause: { code: 'stream-failed', agent: 'a' } });
    expect(Object.keys(outer)).not.toContain('toJSON');
  });

  it('has the trigger and the attempt of a HandlerError, and is in that of a report with all that happened', async () => {
    const agent = defineAgent({
      name: 'agent',
      streams: ({ lifecycle, handle }) => ({
        bad$: lifecycle.start$.pipe(handle.switch(() => Promise.reject(new Error('no luck')))),
      }),
    });
    const report = await runMarbles(({ start }) => void start(agent), { assertsElsewhere: true });
    expect(report.errors).toEqual([expect.any(HandlerError)]);
    const { errors, trace } = JSON.parse(JSON.stringify(report));
    const failure = { message: 'no luck', name: 'Error' };
    expect(errors).toMatchObject([{ code: 'handler-failed', stream: 'bad$', attempt: 1, cause: failure }]);
    expect(errors).toMatchObject([{ trigger: { type: 'start' } }]);
    expect(trace).toContainEqual(
      expect.objectContaining({ type: 'error', error: expect.objectContaining({ cause: failure }) }),
    );
  });
});
