import type { MarbleHelpers } from './MarbleHelpers';

/** What helpers are made of; the last ones only when the body asks for them. */
export interface HelperParts extends Omit<MarbleHelpers, 'host' | 'bus' | 'network' | 'crash'> {
  host(): MarbleHelpers['host'];
  bus(): MarbleHelpers['bus'];
  network(): MarbleHelpers['network'];
  crash(): MarbleHelpers['crash'];
}

/**
 * The helpers of one test. Those that few tests use are asked for by getters, which are the same functions for all tests:
 * with getters of its own each test had a hidden class of its own, which would keep the whole test alive.
 */
export class Helpers implements MarbleHelpers {
  readonly cold: MarbleHelpers['cold'];
  readonly hot: MarbleHelpers['hot'];
  readonly time: MarbleHelpers['time'];
  readonly animate: MarbleHelpers['animate'];
  readonly flush: MarbleHelpers['flush'];
  readonly expectObservable: MarbleHelpers['expectObservable'];
  readonly expectSubscriptions: MarbleHelpers['expectSubscriptions'];
  readonly expectHandlers: MarbleHelpers['expectHandlers'];
  readonly start: MarbleHelpers['start'];
  readonly clock: MarbleHelpers['clock'];
  declare readonly bus: MarbleHelpers['bus'];
  declare readonly host: MarbleHelpers['host'];
  declare readonly network: MarbleHelpers['network'];
  declare readonly crash: MarbleHelpers['crash'];
  readonly #parts: HelperParts;

  constructor(parts: HelperParts) {
    this.cold = parts.cold;
    this.hot = parts.hot;
    this.time = parts.time;
    this.animate = parts.animate;
    this.flush = parts.flush;
    this.expectObservable = parts.expectObservable;
    this.expectSubscriptions = parts.expectSubscriptions;
    this.expectHandlers = parts.expectHandlers;
    this.start = parts.start;
    this.clock = parts.clock;
    this.#parts = parts;
    Object.defineProperties(this, Helpers.#whenAsked);
  }

  /** They are its own, so that whoever copies the helpers has them, too. */
  static readonly #whenAsked: PropertyDescriptorMap & ThisType<Helpers> = {
    host: {
      enumerable: true,
      get() {
        return this.#parts.host();
      },
    },
    bus: {
      enumerable: true,
      get() {
        return this.#parts.bus();
      },
    },
    network: {
      enumerable: true,
      get() {
        return this.#parts.network();
      },
    },
    crash: {
      enumerable: true,
      get() {
        return this.#parts.crash();
      },
    },
  };
}
