import { AgentError } from '../AgentError';

type Marked = Partial<Record<'clock' | '_isMockFunction' | 'isFake' | 'isMock', unknown>>;

/** What the well-known tools leave on the globals that they replace. */
const MARKS: readonly { readonly tool: string; readonly off: string; readonly isInstalled: () => boolean }[] =
  [
    {
      tool: "Jest's or Vitest's fake timers (or sinon's)",
      off: 'jest.useRealTimers(), vi.useRealTimers() or clock.restore()',
      isInstalled: () => marked(setTimeout, 'clock') || marked(Date, 'clock') || marked(Date, 'isFake'),
    },
    {
      tool: "Jest's legacy fake timers",
      off: 'jest.useRealTimers()',
      isInstalled: () => marked(setTimeout, '_isMockFunction'),
    },
    {
      tool: "node:test's mock timers",
      off: 'mock.timers.reset()',
      isInstalled: () => marked(Date, 'isMock') || /^bound #?create/i.test(setTimeout.name),
    },
  ];

/** @throws AgentError `foreign-fake-timers` if another tool holds the timers */
export function refuseForeignFakeTimers(): void {
  for (const { tool, off, isInstalled } of MARKS) {
    if (!isInstalled()) continue;
    throw new AgentError(
      'foreign-fake-timers',
      `${tool} are installed: two virtual times cannot be told apart. Call ${off} before the marble test; it needs no others.`,
    );
  }
}

function marked(global: object, mark: keyof Marked): boolean {
  return Boolean((global as Marked)[mark]);
}
