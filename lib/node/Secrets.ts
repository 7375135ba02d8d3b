/** Anything shorter is written over only where it stands alone: it would be found in the midst of other words. */
const SHORTEST = 4;

/** The values that were taken from the environment. They are shown by the names of their variables. */
export class Secrets {
  private readonly names = new Map<string, string>();

  add(name: string, value: string): void {
    // The longest first, so that none that is part of another spoils it.
    const known = [...this.names, [value, name] as const].sort(([one], [other]) => other.length - one.length);
    this.names.clear();
    for (const [secret, variable] of known) if (secret !== '') this.names.set(secret, variable);
  }

  readonly hide = (text: string): string => {
    let shown = text;
    for (const [value, name] of this.names) {
      if (value.length >= SHORTEST) shown = shown.replaceAll(value, `\${${name}}`);
      else if (shown === value) shown = `\${${name}}`;
    }
    return shown;
  };
}
