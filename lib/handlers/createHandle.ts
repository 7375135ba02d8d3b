import type { Observable, OperatorFunction, Subscriber } from 'rxjs';
import { AgentError } from '../AgentError';
import { liftedOperator } from '../time/operators/liftedOperator';
import { showValue } from '../options/showValue';
import type { Policy } from '../trace/TraceEvent';
import { durably } from './durable/JobIntake';
import type { Handle, Handler } from './policies/Handler';
import {
  type HandlerOptions,
  type MergeOptions,
  type QueueOptions,
  type DurableOptions,
  type TriggerOptions,
  toPlan,
} from './policies/options';
import { Runner } from './policies/Runner';
import type { RunScope } from './run/RunScope';

/** The handler operators of an agent. */
export function createHandle(scope: RunScope): Handle {
  return new ScopedHandle(scope);
}

class ScopedHandle implements Handle {
  constructor(private readonly scope: RunScope) {}

  switch<T, R>(
    handler: Handler<T, R>,
    options?: HandlerOptions & TriggerOptions<T> & DurableOptions<T>,
  ): OperatorFunction<T, R> {
    return this.operator('switch', handler, options);
  }

  concat<T, R>(
    handler: Handler<T, R>,
    options?: HandlerOptions & TriggerOptions<T> & DurableOptions<T> & QueueOptions,
  ): OperatorFunction<T, R> {
    return this.operator('concat', handler, options);
  }

  merge<T, R>(
    handler: Handler<T, R>,
    options?: HandlerOptions & TriggerOptions<T> & DurableOptions<T> & QueueOptions & MergeOptions,
  ): OperatorFunction<T, R> {
    return this.operator('merge', handler, options);
  }

  exhaust<T, R>(
    handler: Handler<T, R>,
    options?: HandlerOptions & TriggerOptions<T> & DurableOptions<T>,
  ): OperatorFunction<T, R> {
    return this.operator('exhaust', handler, options);
  }

  private operator<T, R>(
    policy: Policy,
    handler: Handler<T, R>,
    options?: HandlerOptions & TriggerOptions<T> & DurableOptions<T> & QueueOptions & MergeOptions,
  ): OperatorFunction<T, R> {
    checkHandler(policy, handler);
    const plan = toPlan(policy, options);
    const { scope } = this;
    if (plan.onError === 'restart') scope.mayRestart();
    if (plan.durable !== undefined) return durably(scope, handler, plan, plan.durable);
    return liftedOperator((result: Subscriber<R>, source: Observable<T>) =>
      source.subscribe(new Runner(result, scope, handler, plan)),
    );
  }
}

/** @throws AgentError `bad-option` */
export function checkHandler(policy: Policy, handler: unknown): void {
  if (typeof handler === 'function') return;
  throw new AgentError(
    'bad-option',
    `handle.${policy} needs a function (trigger, run) => …, not ${showValue(handler)}.`,
  );
}
