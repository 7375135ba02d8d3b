// Says at the end what has been skipped, in a line for each: a `describe.skip` or `it.skip` whose title says why,
// since what it needs (a server, a browser, material) is not on this machine.
// MUST_RUN is a list with commas: what is skipped and has one of it in its titles makes the run fail.
export default class SkippedReporter {
  constructor({ testNamePattern }) {
    this.isFiltered = testNamePattern !== undefined && testNamePattern !== '';
  }

  onRunComplete(_contexts, { testResults }) {
    if (this.isFiltered) return; // then what was not asked for is skipped, too
    const skipped = testResults
      .flatMap(({ testResults: all }) => all)
      .filter(({ status }) => status === 'pending');
    const counts = new Map();
    for (const { ancestorTitles, title } of skipped) {
      // The title that says why, if it does.
      const name = ancestorTitles.find((one) => one.endsWith(')')) ?? ancestorTitles.at(0) ?? title;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    for (const [name, count] of counts)
      console.log(`Skipped: ${name}, ${count} ${count === 1 ? 'spec' : 'specs'}`);
    const needs = (process.env.MUST_RUN ?? '').split(',').filter((need) => need !== '');
    this.missed = [...counts.keys()].filter((name) => needs.some((need) => name.includes(need)));
  }

  getLastError() {
    if (this.missed?.length > 0) return new Error(`Skipped, but must run: ${this.missed.join(', ')}`);
  }
}
