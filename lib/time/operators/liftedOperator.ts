/* eslint-disable @typescript-eslint/no-deprecated -- RxJS 7's own operators are made like this. */
import { Observable, type OperatorFunction, type Subscriber, type TeardownLogic } from 'rxjs';

/**
 * An operator whose result is of its source's kind, as that of RxJS's own is: what is derived from an Observable
 * that isolates its subscribers goes on isolating them, and it can be seen what it was derived from.
 */
export function liftedOperator<T, R>(
  subscribe: (result: Subscriber<R>, source: Observable<T>) => TeardownLogic,
): OperatorFunction<T, R> {
  return (source) => {
    // Something that is merely like an Observable may have no way to derive another one.
    if (typeof source.lift !== 'function') return new Observable((result) => subscribe(result, source));
    return source.lift({
      call: (result: Subscriber<R>, from: Observable<T>) => {
        try {
          return subscribe(result, from);
        } catch (error) {
          result.error(error);
          return undefined;
        }
      },
    });
  };
}
