/** Where Jest's and Vitest's `expect` keep count of what was asserted. */
const MATCHERS = Symbol.for('$$jest-matchers-object');

interface MatcherGlobals {
  readonly [MATCHERS]?: { readonly state?: { readonly assertionCalls?: number } };
}

/** How many assertions the test runner has counted in this test, or undefined if it does not count. */
export function countAssertions(): number | undefined {
  return (globalThis as MatcherGlobals)[MATCHERS]?.state?.assertionCalls;
}
