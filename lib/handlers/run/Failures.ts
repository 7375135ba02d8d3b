import { messageOf } from '../../readError';
import type { RunnerPart } from '../../trace/Ledger';
import { HandlerError, type HandlerFailure } from './HandlerError';
import type { OnError } from '../policies/options';
import { placeOf } from './placeOf';
import type { RunScope } from './RunScope';

/** The operator whose failures they are. */
export interface Failing extends RunnerPart {
  readonly scope: Pick<RunScope, 'agent' | 'failed' | 'struggles' | 'recovered'>;
  readonly stream: string;
  readonly name: string;
  readonly plan: { readonly onError: OnError };
}

/** Tells an operator's agent of what its runs fail with, and of the first success after that. */
export class Failures {
  /** @param areThere whether there have been some already */
  constructor(
    private readonly of: Failing,
    private areThere = false,
  ) {}

  /** A run has failed for good, or a trigger has come to none. */
  tell(failure: Pick<HandlerFailure, 'code' | 'trigger' | 'attempt' | 'cause'>): void {
    const { scope, stream, name: handler, plan } = this.of;
    this.areThere = true;
    const error = new HandlerError({ agent: scope.agent, stream, handler, ...failure });
    scope.failed(this.of, error, plan.onError);
  }

  /** An attempt is to be repeated, and there have been so many that something must be wrong. */
  goOn(cause: unknown): void {
    const { scope, stream, name } = this.of;
    this.areThere = true;
    const { where } = placeOf(scope.agent, stream);
    scope.struggles(this.of, `${where}: ${name} goes on failing, and is tried again: ${messageOf(cause)}`);
  }

  /** A run has succeeded. */
  end(): void {
    if (!this.areThere) return;
    this.areThere = false;
    this.of.scope.recovered(this.of);
  }
}
