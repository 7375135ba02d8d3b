import { refuseForeignFakeTimers } from '../../time/clock/foreignFakeTimers';
import { MarbleRun } from './MarbleRun';
import type { MarbleBody } from './MarbleHelpers';
import { checkMarbles, type MarbleOptions } from './options';
import type { MarbleReport } from '../report/report';
import { refuseNesting, takeTurn } from './turns';

/**
 * Runs a body in virtual time and resolves with a report of it. What `TestScheduler.run` takes can be given
 * unchanged; the body may be async as well. Tests that are run at once take turns.
 *
 * Rejects with what the body throws, or with a {@link MarbleTestError} that tells which expectations do not hold,
 * that the test expects nothing, that it can go nowhere (`marble-deadlock`) or does not end (`marble-endless`).
 * Rejects at once with an AgentError `nested-marble-test` in the body of another test, which fails with it if
 * nobody awaits this one; and with `foreign-fake-timers` when another tool holds the timers.
 */
export function runMarbles(body: MarbleBody, options: MarbleOptions = {}): Promise<MarbleReport> {
  return refuseNesting() ?? inTurn(body, options);
}

async function inTurn(body: MarbleBody, options: MarbleOptions): Promise<MarbleReport> {
  checkMarbles('runMarbles', body, options);
  refuseForeignFakeTimers();
  const endTurn = await takeTurn();
  try {
    refuseForeignFakeTimers();
    return await new MarbleRun(options).run(body);
  } finally {
    endTurn();
  }
}
