import type { Clock } from '../../time/clock/Clock';
import type { VirtualClock } from '../../time/virtual/VirtualClock';
import { type Painter, VirtualGlobals } from '../../time/virtual/VirtualGlobals';
import type { VirtualTimeouts } from '../../time/virtual/VirtualTimeouts';
import type { Frames } from '../flow/Frames';
import { delegateRxjs, renewSchedulers } from '../flow/rxjsProviders';
import { adoptTestSchedulers } from '../flow/testSchedulers';
import type { MarbleHelpers } from './MarbleHelpers';

/** What of one marble test stands in the place of the host's time. */
export interface Scene {
  readonly clock: VirtualClock;
  readonly timeouts: Pick<VirtualTimeouts, 'set' | 'scheduler'>;
  readonly painter: Painter;
  readonly frames: Frames;
  readonly helpers: MarbleHelpers;
  /** Whether whoever runs now is of this test. */
  isInside(): boolean;
  /** A `TestScheduler` is used. */
  looks(): void;
}

/**
 * Puts virtual time in the place of the host's, for one marble test after the other: what is replaced stays so in
 * between, where nobody is inside. To replace it for each of many would cost as much as a short test, and in Jest, which
 * keeps what is defined on the global object, leave something of each behind.
 */
export class Stage {
  private scene: Scene | undefined;
  private isOpen = false;
  private globals: VirtualGlobals | undefined;
  private restorers: (() => void)[] = [];

  /** Lets a test have the stage, and gives the way to end that. */
  enter(scene: Scene): () => void {
    this.scene = scene;
    this.isOpen = true;
    if (this.globals === undefined) this.install();
    else {
      this.globals.forget();
      renewSchedulers();
    }
    return () => {
      this.isOpen = false;
    };
  }

  /** Leaves all as it was found. */
  close(): void {
    this.globals?.restore();
    for (const restore of this.restorers.splice(0).reverse()) restore();
    this.globals = undefined;
    this.scene = undefined;
  }

  private install(): void {
    const { clock, painter, timeouts, isInside } = this;
    this.restorers = [
      ...delegateRxjs(clock, timeouts, painter, isInside),
      ...adoptTestSchedulers(this.helpers, this.frames, isInside, () => {
        this.on.looks();
      }),
    ];
    this.globals = new VirtualGlobals(clock, timeouts, painter, isInside);
    this.globals.install();
  }

  private get on(): Scene {
    if (this.scene === undefined) throw new Error('Nobody is on the stage.');
    return this.scene;
  }

  private readonly isInside = (): boolean => this.isOpen && this.scene?.isInside() === true;

  private readonly clock: Clock & { readonly start: number } = (({ on }) => ({
    get start() {
      return on().clock.start;
    },
    now: () => on().clock.now(),
    wallNow: () => on().clock.wallNow(),
    wakeAt: (at, wake) => on().clock.wakeAt(at, wake),
    cancel: (wake) => {
      on().clock.cancel(wake);
    },
  }))({ on: () => this.on });

  private readonly timeouts: Scene['timeouts'] = (({ on }) => ({
    get scheduler() {
      return on().timeouts.scheduler;
    },
    set: (...args) => on().timeouts.set(...args),
  }))({ on: () => this.on });

  private readonly painter: Painter = {
    requestAnimationFrame: (callback) => this.on.painter.requestAnimationFrame(callback),
    cancelAnimationFrame: (handle) => this.on.painter.cancelAnimationFrame(handle),
  };

  private readonly frames: Pick<Frames, 'now' | 'schedule'> = {
    now: () => this.on.frames.now(),
    schedule: (work, delay, state) => this.on.frames.schedule(work, delay, state),
  };

  private readonly helpers: Parameters<typeof adoptTestSchedulers>[0] = {
    flush: () => {
      this.on.helpers.flush();
    },
    time: (marbles) => this.on.helpers.time(marbles),
    cold: (...args) => this.on.helpers.cold(...args),
    hot: (...args) => this.on.helpers.hot(...args),
    expectObservable: (...args) => this.on.helpers.expectObservable(...args),
    expectSubscriptions: (logs) => this.on.helpers.expectSubscriptions(logs),
  };
}
