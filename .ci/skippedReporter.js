// Says at the end what has been skipped, in a line for each: a `describe.skip` or `it.skip` whose title says why,
// since what it needs (a server, a browser, material) is not on this machine.
// MUST_RUN is a text: what is skipped and has it in its title makes the run fail.
export default class SkippedReporter {
  constructor({ testNamePattern }) {
    this.isFiltered = testNamePattern !== undefined && testNamePattern !== '';
  }

  onRunComplete(_contexts, { testResults }) {
    if (this.isFiltered) return; // then what was not asked for is skipped, too
    const counts = new Map();
    for (const { status, ancestorTitles, title } of testResults.flatMap(({ testResults: all }) => all)) {
      const name = ancestorTitles.at(0) ?? title;
      if (status === 'pending') counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    for (const [name, count] of counts)
      console.log(`Skipped: ${name}, ${count} ${count === 1 ? 'spec' : 'specs'}`);
    const { MUST_RUN } = process.env;
    this.missed = MUST_RUN && [...counts.keys()].filter((name) => name.includes(MUST_RUN));
  }

  getLastError() {
    if (this.missed?.length > 0) return new Error(`Skipped, but must run: ${this.missed.join(', ')}`);
  }
}
