import { AgentError } from '../../AgentError';
import { nameOfWork, type OffloadWork } from './Offloader';
import { foreignWait } from './LateWait';
import { rejected } from './PromisedWait';
import type { WaitList } from './Wait';

/** Waits for work that is done elsewhere. The end of the run ends the work, too. */
export function offload(waits: WaitList, work: OffloadWork, args: readonly unknown[]): Promise<unknown> {
  const { agent, offloader } = waits.run.scope;
  if (offloader === undefined) return rejected(noPool(agent, work));
  const ending = new AbortController();
  const wait = foreignWait<unknown>(waits, 'offload', nameOfWork(work));
  wait.release = () => {
    ending.abort(waits.run.cancelled);
  };
  return wait.open().endWith(() => offloader.run(work, args, ending.signal)).promise;
}

function noPool(agent: string, work: OffloadWork): AgentError {
  const message = `${agent}: nothing is there to offload ${nameOfWork(work)} to. Give the host a pool: createHost({ offload: workerPool() }), from 'rx-agent-kit/node'; in a test, marbleTest(body, { offload: workerPool() }).`;
  return new AgentError('cannot-offload', message, { agent });
}
