import { runInNewContext } from 'node:vm';

/** What can be thrown so that whoever looks into it is thrown at, or does not come to an end. */
export const EVIL_ERRORS: Readonly<Record<string, () => unknown>> = {
  'a plain error': () => new Error('plain'),
  'a message that throws': () => withGetter(new Error('x'), 'message'),
  'a name that throws': () => withGetter(new Error('x'), 'name'),
  'a stack that throws': () => withGetter(new Error('x'), 'stack'),
  'a cause that throws': () => withGetter(new Error('x'), 'cause'),
  'a code that throws': () => withGetter(new Error('x'), 'code'),
  'a then that throws': () => withGetter(new Error('x'), 'then'),
  'a constructor that throws': () => withGetter(new Error('x'), 'constructor'),
  'a toString that throws': () => Object.assign(new Error('x'), { toString: thrower, toJSON: thrower }),
  'a toPrimitive that throws': () => Object.assign(new Error('x'), { [Symbol.toPrimitive]: thrower }),
  'a toStringTag that throws': () => withGetter(new Error('x'), Symbol.toStringTag),
  'a proxy that throws at anything': () => new Proxy(new Error('x'), throwingTraps),
  'a proxy of a function that throws at anything': () => new Proxy(() => undefined, throwingTraps),
  'a revoked proxy': () => {
    const { proxy, revoke } = Proxy.revocable(new Error('x'), {});
    revoke();
    return proxy;
  },
  'a frozen error': () => Object.freeze(new Error('frozen')),
  'a cycle of causes': () => {
    const [one, other] = [new Error('one'), new Error('other')];
    one.cause = other;
    other.cause = one;
    return one;
  },
  'its own cause': () => {
    const error = new Error('own');
    error.cause = error;
    return error;
  },
  'a cause that cannot be read': () => new Error('x', { cause: new Proxy(new Error('y'), throwingTraps) }),
  'a very long chain of causes': () => {
    let error = new Error('bottom');
    for (let level = 0; level < 300; level++) error = new Error(`level ${level}`, { cause: error });
    return error;
  },
  'a very long message': () => new Error('x'.repeat(3_000_000)),
  'a message that is nested deeply': () => {
    let nested: unknown = 'bottom';
    for (let level = 0; level < 20_000; level++) nested = [nested];
    return Object.defineProperty(new Error('x'), 'message', { value: nested });
  },
  'an AggregateError': () =>
    new AggregateError([new Error('one'), withGetter(new Error('x'), 'message')], ''),
  'an error of another realm': () => runInNewContext(`new TypeError('from elsewhere')`) as unknown,
  'an object without a prototype': () => Object.create(null) as unknown,
  'a promise that rejects': () => {
    const promise = Promise.reject(new Error('inner'));
    promise.catch(() => undefined);
    return promise;
  },
  undefined: () => undefined,
  null: () => null,
  'a symbol': () => Symbol('evil'),
  'a function': () => () => 'evil',
  'a bigint': () => 12n,
  'a plain object': () => ({ message: { deep: true } }),
};

function thrower(): never {
  throw new Error('I cannot be read');
}

function withGetter(error: Error, key: PropertyKey): Error {
  return Object.defineProperty(error, key, { get: thrower, enumerable: true });
}

const throwingTraps = Object.fromEntries(
  Object.getOwnPropertyNames(Reflect).map((trap) => [trap, thrower]),
) as ProxyHandler<object>;
