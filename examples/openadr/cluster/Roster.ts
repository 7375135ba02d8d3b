/** Which machine runs which agent of the site, as they tell it. */
export class Roster {
  private readonly machines = new Map<string, Set<string>>();
  private readonly stories = new Map<string, string[]>();

  /** @returns the machine that has run the agent before, if another one does from now on */
  runs(agent: string, machine: string): string | undefined {
    this.agentsOf(machine).add(agent);
    const story = this.stories.get(agent) ?? [];
    const former = story.at(-1);
    if (former !== machine) story.push(machine);
    this.stories.set(agent, story);
    return former === machine ? undefined : former;
  }

  isOver(agent: string, machine: string): void {
    this.agentsOf(machine).delete(agent);
  }

  /** All that a machine has run is over. */
  isGone(machine: string): void {
    this.machines.delete(machine);
  }

  /** What a machine runs, as a text. */
  on(machine: string): string {
    return [...this.agentsOf(machine)].sort().join(' ');
  }

  /** The machine that runs an agent. */
  whereIs(agent: string): string | undefined {
    return [...this.machines].find(([, agents]) => agents.has(agent))?.[0];
  }

  /** Each agent, with the machines that have run it, in their order. */
  lines(): readonly string[] {
    return [...this.stories].map(([agent, machines]) => `${agent.padEnd(10)} ${machines.join(' → ')}`).sort();
  }

  private agentsOf(machine: string): Set<string> {
    const agents = this.machines.get(machine) ?? new Set();
    this.machines.set(machine, agents);
    return agents;
  }
}
