import { AgentError } from '../../AgentError';
import type { Painter } from '../../time/virtual/VirtualTime';
import type { Frames } from './Frames';
import { parseMarbles } from '../expectations/marbles';

/** Animation frames that are painted when the test says so, by the rules of RxJS's `animate`. */
export class Painting implements Painter {
  private callbacks: Map<number, FrameRequestCallback> | undefined;
  private lastHandle = 0;

  constructor(private readonly frames: Frames) {}

  readonly animate = (marbles: string): void => {
    if (this.callbacks !== undefined)
      throw new AgentError('bad-option', 'animate() may be called only once in a test.');
    if (/[|#]/.test(marbles))
      throw new AgentError('bad-option', `animate('${marbles}') may neither complete nor fail.`);
    this.callbacks = new Map();
    for (const { frame } of parseMarbles(marbles)) {
      this.frames.schedule(() => {
        this.paint();
      }, frame);
    }
  };

  readonly requestAnimationFrame = (callback: FrameRequestCallback): number => {
    this.requested().set(++this.lastHandle, callback);
    return this.lastHandle;
  };

  readonly cancelAnimationFrame = (handle: number): void => {
    this.requested().delete(handle);
  };

  /** What is requested while painting is for the next frame. */
  private paint(): void {
    const callbacks = [...this.requested().values()];
    this.requested().clear();
    for (const callback of callbacks) callback(this.frames.now());
  }

  private requested(): Map<number, FrameRequestCallback> {
    if (this.callbacks !== undefined) return this.callbacks;
    throw new AgentError(
      'bad-option',
      "An animation frame was requested, but none is ever painted: call animate('---x---x') in the test.",
    );
  }
}
