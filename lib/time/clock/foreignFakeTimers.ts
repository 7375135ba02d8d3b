import { AgentError } from '../../AgentError';

type Marked = Partial<Record<'clock' | '_isMockFunction' | 'isFake' | 'isMock', unknown>>;

interface Tool {
  readonly tool: string;
  /** How it is told to let go. */
  readonly off: string;
  /** How it is known by what it leaves on the globals that it replaces. */
  readonly holdsTimers: () => boolean;
  readonly holdsDate: () => boolean;
}

const TOOLS: readonly Tool[] = [
  {
    tool: "Jest's or Vitest's fake timers (or sinon's)",
    off: 'jest.useRealTimers(), vi.useRealTimers() or clock.restore()',
    holdsTimers: () => marked(setTimeout, 'clock'),
    holdsDate: () => marked(Date, 'clock') || marked(Date, 'isFake'),
  },
  {
    tool: "Jest's legacy fake timers",
    off: 'jest.useRealTimers()',
    // A spy on one of them is no fake.
    holdsTimers: () =>
      [setTimeout, clearTimeout, setInterval].every((timer) => marked(timer, '_isMockFunction')),
    holdsDate: () => false,
  },
  {
    tool: "node:test's mock timers",
    off: 'mock.timers.reset()',
    holdsTimers: () => /^bound #?create/i.test(setTimeout.name),
    holdsDate: () => marked(Date, 'isMock'),
  },
];

/** @throws AgentError `foreign-fake-timers` if another tool holds the timers or the date */
export function refuseForeignFakeTimers(): void {
  const held = TOOLS.find(({ holdsTimers, holdsDate }) => holdsTimers() || holdsDate());
  if (held === undefined) return;
  throw new AgentError(
    'foreign-fake-timers',
    `${held.tool} are installed: two virtual times cannot be told apart. Call ${held.off} before the marble test; it needs no others.`,
  );
}

/** The tool that holds the timers, if one does. */
export function heldBy(): Tool | undefined {
  return TOOLS.find(({ holdsTimers }) => holdsTimers());
}

/** Whether a tool holds the Date. */
export function holdsDate(): boolean {
  return TOOLS.some((tool) => tool.holdsDate());
}

/** A tool that moves timers without a clock: nobody could tell by them what time it is. */
export function timersWithoutClock({ tool, off }: Tool): AgentError {
  return new AgentError(
    'foreign-fake-timers',
    `${tool} hold setTimeout, but neither Date nor performance.now: a live host cannot tell the time by them. Let them hold these, too (Jest: modern fake timers; node:test: apis with 'Date'), use ${off}, or a marble test.`,
  );
}

function marked(global: object, mark: keyof Marked): boolean {
  return Boolean((global as Marked)[mark]);
}
