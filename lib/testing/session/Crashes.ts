import { badOption, checkOptions, optionTable } from '../../options/checkOptions';
import { atTurnEndFirst } from '../../time/clock/turnEnd';
import { aName } from '../../options/checks';
import { aDuration, type Duration, toMs } from '../../time/spans/duration';
import type { Agents } from './Agents';
import type { CommitFate, CommitWatcher } from './CrashStore';
import type { TestBus } from './TestBus';
import type { TestHost } from './TestHost';

export interface CrashOptions {
  /** Which host it is. Default the test's own. */
  readonly host?: string;
  /** How long nothing runs. Default 0: the host comes back at the same instant. */
  readonly down?: Duration;
}

const CRASH = optionTable<CrashOptions>(
  { host: aName, down: aDuration },
  { for: 'down', during: 'down', name: 'host' },
);

/** Arms something at a frame of the test. */
interface FrameScheduler {
  now(): number;
  schedule(work: () => void, delay: number): unknown;
}

/** The name of the host that each test has. */
export const FIRST = 'test';

/** A host that can end, as its process would. */
export interface Mortal {
  readonly host: TestHost;
  readonly bus: TestBus;
}

/** Lets the process of a host of the test end, and begin again. */
export class Crashes {
  private isOver = false;
  /** The instants of the crashes so far, as frames. */
  readonly at: number[] = [];

  constructor(
    private readonly parts: {
      find(host: string): Mortal | undefined;
      /** The agents that the body has started in the test's own host. */
      readonly agents: () => Agents;
      readonly frames: () => FrameScheduler;
      /** What a search has chosen. */
      readonly chosen?: ((commit: number, host: string) => CommitFate) | undefined;
    },
  ) {}

  /** @throws AgentError `bad-duration` or `bad-option` */
  readonly crashAt = (at: Duration, options?: CrashOptions): void => {
    checkOptions('crash', CRASH, options);
    const frames = this.parts.frames();
    const { host = FIRST } = options ?? {};
    if (this.parts.find(host) === undefined)
      throw badOption('crash', 'host', host, "has to be one that the test has asked for: host('b')");
    const delay = toMs(at) - frames.now();
    if (delay < 0) throw badOption('crash', 'at', at, 'has passed already');
    const down = toMs(options?.down ?? 0);
    frames.schedule(() => {
      this.now(host, down);
    }, delay);
  };

  /** What is tested is over: nothing crashes any more. */
  end(): void {
    this.isOver = true;
  }

  /** What becomes of the commits of a host. */
  watcher(host: string): CommitWatcher {
    return {
      fateOf: (commit) => this.fateOf(commit, host),
      crash: (down, isAtTurnEnd) => {
        const end = (): void => {
          this.now(host, down);
        };
        if (isAtTurnEnd) atTurnEndFirst(end);
        else end();
      },
    };
  }

  /** The process of a host ends now. */
  now(name: string, down: number): void {
    const mortal = this.parts.find(name);
    if (mortal === undefined || mortal.host.hasCrashed) return;
    const frames = this.parts.frames();
    this.at.push(frames.now());
    mortal.host.crash();
    mortal.bus.crash();
    frames.schedule(() => {
      mortal.host.revive();
      if (name === FIRST) this.parts.agents().revive();
    }, down);
  }

  private fateOf(commit: number, host: string): CommitFate {
    return this.isOver ? {} : (this.parts.chosen?.(commit, host) ?? {});
  }
}
