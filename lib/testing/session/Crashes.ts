import { badOption, checkOptions, optionTable } from '../../options/checkOptions';
import { atTurnEndFirst } from '../../time/clock/turnEnd';
import { aDuration, type Duration, toMs } from '../../time/spans/duration';
import type { Agents } from './Agents';
import type { CommitFate, CommitWatcher } from './CrashStore';
import type { TestBus } from './TestBus';
import type { TestHost } from './TestHost';

export interface CrashOptions {
  /** How long nothing runs. Default 0: the host comes back at the same instant. */
  readonly down?: Duration;
}

/** Where a test's process ends: right before a commit, or right after it. */
export interface CrashPoint {
  /** Which commit it is; the first is 1. */
  readonly commit: number;
  readonly side: 'before' | 'after';
  /** How long nothing runs, in ms. */
  readonly down: number;
}

const CRASH = optionTable<CrashOptions>({ down: aDuration }, { for: 'down', during: 'down' });

/** Arms something at a frame of the test. */
interface FrameScheduler {
  now(): number;
  schedule(work: () => void, delay: number): unknown;
}

/** Lets the process of a test's host end, and begin again. */
export class Crashes implements CommitWatcher {
  private readonly waiting: CrashPoint[];
  private isOver = false;
  /** The instants of the crashes so far, as frames. */
  readonly at: number[] = [];

  constructor(
    private readonly parts: {
      readonly host: () => TestHost;
      readonly agents: () => Agents;
      readonly bus: TestBus;
      readonly frames: () => FrameScheduler;
      /** What a search has chosen. */
      readonly chosen?: ((commit: number) => CommitFate) | undefined;
    },
    points: readonly CrashPoint[],
  ) {
    this.waiting = [...points];
  }

  /** @throws AgentError `bad-duration` or `bad-option` */
  readonly crashAt = (at: Duration, options?: CrashOptions): void => {
    checkOptions('crash', CRASH, options);
    const frames = this.parts.frames();
    const delay = toMs(at) - frames.now();
    if (delay < 0) throw badOption('crash', 'at', at, 'has passed already');
    const down = toMs(options?.down ?? 0);
    frames.schedule(() => {
      this.now(down);
    }, delay);
  };

  /** What is tested is over: nothing crashes any more. */
  end(): void {
    this.waiting.length = 0;
    this.isOver = true;
  }

  fateOf(commit: number): CommitFate {
    const index = this.waiting.findIndex((point) => point.commit === commit);
    const [point] = index < 0 ? [] : this.waiting.splice(index, 1);
    if (point !== undefined) return { crash: point.side, down: point.down };
    return this.isOver ? {} : (this.parts.chosen?.(commit) ?? {});
  }

  crash(down: number, isAtTurnEnd: boolean): void {
    if (isAtTurnEnd)
      atTurnEndFirst(() => {
        this.now(down);
      });
    else this.now(down);
  }

  /** The process ends now. */
  private now(down: number): void {
    const host = this.parts.host();
    if (host.hasCrashed) return;
    const frames = this.parts.frames();
    this.at.push(frames.now());
    host.crash();
    this.parts.bus.crash();
    frames.schedule(() => {
      host.revive();
      this.parts.agents().revive();
    }, down);
  }
}
