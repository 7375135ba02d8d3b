import type { Replaced } from '../../time/virtual/Replacement';
import { VirtualGlobals } from '../../time/virtual/VirtualGlobals';
import type { VirtualTime } from '../../time/virtual/VirtualTime';
import { delegatedRxjs } from '../flow/rxjsProviders';
import { adoptedTestSchedulers, type TestSchedulerUser } from '../flow/testSchedulers';

/** What of one marble test stands in the place of the host's time. */
export interface Scene extends VirtualTime, TestSchedulerUser {
  /** Whether whoever runs now is of this test. */
  isInside(): boolean;
}

/**
 * Where virtual time is put in the place of the host's, for one marble test after the other. All that is put there is made
 * once, and asks at each call who is on: to make it for each test would take several times as long as a short one does.
 */
class Stage {
  private scene: Scene | undefined;
  private readonly replaced: readonly Replaced[];

  constructor() {
    this.replaced = [
      ...delegatedRxjs(this.sceneOfCaller),
      ...adoptedTestSchedulers(this.sceneOfCaller),
      new VirtualGlobals(this.sceneOfCaller),
    ];
  }

  /** Lets a test have the stage, and gives the way to leave all as it was found. */
  enter(scene: Scene): () => void {
    this.scene = scene;
    for (const replaced of this.replaced) replaced.put();
    return () => {
      this.scene = undefined;
      for (let index = this.replaced.length - 1; index >= 0; index--) this.replaced[index]?.restore();
    };
  }

  private readonly sceneOfCaller = (): Scene | undefined =>
    this.scene?.isInside() === true ? this.scene : undefined;
}

/** It is made when this file is loaded: what it divides for good is so before the first test. */
export const stage = new Stage();
